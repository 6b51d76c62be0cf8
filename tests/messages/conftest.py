"""Parts shared by the tests of messages: a vault, an outbox, a delivery over real HTTP and a real Valkey."""

from pathlib import Path

import pytest

from gateway.actions.registry import REGISTRY
from gateway.channels import africastalking_sms
from gateway.channels.africastalking import AfricasTalking
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.core.embedded.core import build as core_of
from gateway.core.embedded.languages import chosen_languages
from gateway.core.port import Contact
from gateway.db import Database
from gateway.journal.journal import Journal
from gateway.journal.link import connect
from gateway.journal.sessions import Sessions
from gateway.messages.announce import MoveAnnouncer
from gateway.messages.by_hand import ByHand
from gateway.messages.deliver import Delivery
from gateway.messages.history import History
from gateway.messages.inbox import Inbox
from gateway.messages.outbox import Outbox
from gateway.messages.throttle import Throttle
from gateway.privacy import Vault
from gateway.settings import Settings
from tests.core import people
from tests.messages.rows import Rows
from tests.messages.services import Services, switchable
from tests.parts.aggregator import HANG_SECONDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def vault():
    return Vault({"k1": b"1" * 32})


@pytest.fixture
def outbox(database, vault):
    return Outbox(database, vault)


@pytest.fixture
def locked(sqlite_database):
    """A database whose one writer is at work and stays so."""
    impatient = Database(sqlite_database.url, patience=0.05)
    with sqlite_database.writing():
        yield impatient
    impatient.close()


@pytest.fixture
def rows(database, outbox):
    return Rows(database, outbox)


@pytest.fixture
def link(store_url):
    link = connect(store_url)
    yield link
    link.close()


@pytest.fixture
def opted_out():
    """Phones that asked for no more messages; a test adds to it."""
    return set()


@pytest.fixture
def delivery(outbox, link, aggregator, opted_out, monkeypatch):
    monkeypatch.setattr(africastalking_sms, "TIMEOUT", (1.0, HANG_SECONDS / 3))
    return Delivery(
        outbox=outbox,
        sender=AfricasTalking("sandbox", "test-key", url=aggregator.url, sender="8171"),
        throttle=Throttle(link, "africastalking", per_second=10_000, batch=100),
        contact=lambda phone: Contact(opted_out=phone in opted_out),
    )


@pytest.fixture(scope="session")
def book():
    """The real menus."""
    return Book.load(ROOT / "menus", ROOT / "config", REGISTRY, "africastalking", False)


@pytest.fixture
def services(database, store_url, link, book, tmp_path):
    """Everything that texts need: the embedded core with one household, the real menus, sessions and journal."""
    settings = Settings(
        data_dir=tmp_path,
        redis_url=store_url,
        database_url=database.url,
        menus=ROOT / "menus",
        config=ROOT / "config",
    )
    outbox = Outbox(database, people.VAULT)
    languages = chosen_languages(people.VAULT)
    by_hand = ByHand(database, people.VAULT, book, outbox, History(database, people.VAULT), languages)
    announcer = MoveAnnouncer(outbox, book, people.VAULT, languages, by_hand)
    core = core_of(database, people.VAULT, ROOT / "config", announcer)
    with database.writing() as connection:
        people.settle_places(connection)
        people.settle(connection, score="44.20")
    away: set[str] = set()
    return Services(
        settings=settings,
        vault=people.VAULT,
        database=database,
        core=switchable(core, away),
        book=book,
        engine=Engine(book),
        sessions=Sessions(link, settings),
        journal=Journal(database, link),
        inbox=Inbox(database, people.VAULT),
        outbox=outbox,
        away=away,
    )
