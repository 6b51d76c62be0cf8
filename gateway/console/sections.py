"""The parts of the console that its navigation names, each for who may open it."""

from dataclasses import dataclass

from flask import request

from gateway.console.words import mark
from gateway.staff.members import Member
from gateway.staff.roles import Permission


@dataclass(frozen=True, slots=True)
class Section:
    """key: the letter after `g` that leads there."""

    endpoint: str
    label: str
    key: str
    permission: Permission | None = None

    @property
    def open(self) -> bool:
        """Whether the page being shown belongs to it."""
        return bool(request.endpoint and request.endpoint.split("_", 1)[0] == self.endpoint)


_ALL = (
    Section("console.home", mark("Find"), "f", Permission.FIND),
    Section("console.sessions", mark("Sessions"), "l", Permission.REPLAY),
    Section("console.queues", mark("Queues"), "q", Permission.QUEUES),
    Section("console.reveals", mark("Reveals"), "r", Permission.APPROVE_REVEAL),
    Section("console.watch", mark("Watch"), "w", Permission.WATCH),
    Section("console.menus", mark("Menus"), "m", Permission.OPERATE),
    Section("console.audit", mark("Audit"), "a", Permission.AUDIT),
    Section("console.staff", mark("Staff"), "s", Permission.STAFF),
    Section("console.tokens", mark("Tokens"), "t", Permission.TOKENS),
    Section("console.me", mark("My account"), "i"),
)


def of(member: Member) -> tuple[Section, ...]:
    """Those that this member may open."""
    return tuple(section for section in _ALL if section.permission is None or member.may(section.permission))
