"""The page one starts from: the box that finds a caller, what waits for her who sits here, and whom she spoke to today."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, render_template

from gateway import clock
from gateway.console import case_words, casebook, confidence
from gateway.console.access import member, note, signed_in
from gateway.core.port import CaseRow, Kin
from gateway.core.port.casework import MINE
from gateway.services import Services
from gateway.staff.roles import Permission

_NEXT = 5
_CALLERS = 6
_LOOKED_AT = 40  # rows of the audit: who opened one page several times, opened one caller


def add(console: Blueprint, services: Services) -> None:
    @console.get("/")
    @signed_in
    def home() -> str:
        work = _work(services) if member().may(Permission.QUEUES) else ()
        if work:
            note("queue_read", f"queue:{MINE}")
        return render_template(
            "console_home.html",
            tiles=casebook.counts() if member().may(Permission.QUEUES) else {},
            work=work,
            callers=_callers(services) if member().may(Permission.SEE_CALLER) else (),
            queues=case_words.QUEUES,
            today=clock.today(),
            **case_words.FUNCTIONS,
        )


def _work(services: Services) -> tuple[CaseRow, ...]:
    """Her cases that are due first."""
    mine = services.core.casework.queue(MINE, member().mark, confidential=confidence.sees(), limit=_NEXT)
    return mine.rows


def _callers(services: Services) -> list[tuple[Kin, datetime]]:
    """Whom she opened today and when last, the newest first: a line that breaks is taken up again."""
    opened = services.staff.audit.entries(
        actor=member().mark, act="caller_opened", since=clock.day_start(clock.today()), limit=_LOOKED_AT
    )
    last: dict[int, datetime] = {}
    for entry in opened:
        last.setdefault(int(entry.subject.partition(":")[2]), entry.at)
    newest: Mapping[int, datetime] = dict(list(last.items())[:_CALLERS])
    her = {kin.id: kin for kin in services.core.desk.masked(newest)}
    return [(her[person], at) for person, at in newest.items() if person in her]
