"""The ports that the edges of the gateway work with, in one frozen bundle. `compose.build` fills it."""

from dataclasses import dataclass

from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.core.port import Core
from gateway.db import Database
from gateway.journal.journal import Journal
from gateway.journal.sessions import Sessions
from gateway.messages.inbox import Inbox
from gateway.messages.outbox import Outbox
from gateway.privacy import Vault
from gateway.settings import Settings


@dataclass(frozen=True)
class Services:
    """Everything a channel, the console or the worker may use."""

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
