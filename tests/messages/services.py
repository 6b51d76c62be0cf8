"""The services a worker needs, on real parts, with one switch: a core that can be away."""

from dataclasses import dataclass, field, replace

from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.core.port import Core
from gateway.db import Database
from gateway.errors import CoreUnreachable
from gateway.journal.journal import Journal
from gateway.journal.sessions import Sessions
from gateway.messages.inbox import Inbox
from gateway.messages.outbox import Outbox
from gateway.privacy import Vault
from gateway.settings import Settings


class Switchable:
    """One subject of the core, away while `away` holds something."""

    def __init__(self, real, away: set[str]) -> None:
        self._real, self._away = real, away

    def __getattr__(self, name):
        if self._away:
            raise CoreUnreachable("away")
        return getattr(self._real, name)


def switchable(core: Core, away: set[str]) -> Core:
    """The same core, whose eligibility and payments can be away."""
    return replace(
        core, eligibility=Switchable(core.eligibility, away), payments=Switchable(core.payments, away)
    )


@dataclass
class Services:
    settings: Settings
    vault: Vault
    database: Database
    core: Core
    book: Book
    engine: Engine
    sessions: Sessions
    journal: Journal
    inbox: Inbox
    outbox: Outbox
    away: set[str] = field(default_factory=set)

    def bodies(self) -> list[str]:
        """What was put into the outbox, oldest first."""
        return [sent.body for sent in self.outbox.recent()][::-1]
