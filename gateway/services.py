"""The ports that the edges of the gateway work with, in one frozen bundle. `compose.build` fills it."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.conversation.verbs import Perform
from gateway.core.port import Core
from gateway.db import Database
from gateway.journal.journal import Journal
from gateway.journal.rollups import Rollups
from gateway.journal.sessions import Sessions
from gateway.messages.by_hand import ByHand
from gateway.messages.history import History
from gateway.messages.inbox import Inbox
from gateway.messages.outbox import Outbox
from gateway.privacy import Vault
from gateway.settings import Settings
from gateway.staff import Staff


@dataclass(frozen=True)
class Services:
    """Everything a channel, the console or the worker may use.

    reopen_book     reads and checks the menus as their files stand now; raises MenuError with every fault
    """

    settings: Settings
    vault: Vault
    database: Database
    core: Core
    book: Book
    reopen_book: Callable[[], Book]
    engine: Engine
    sessions: Sessions
    journal: Journal
    rollups: Rollups
    inbox: Inbox
    outbox: Outbox
    history: History
    by_hand: ByHand
    staff: Staff
    sandbox: Callable[[], Perform]  # verbs on today's data that keep nothing; made when first asked for
