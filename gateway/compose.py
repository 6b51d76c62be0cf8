"""Where the gateway is put together: the only file that names concrete classes."""

from pathlib import Path

from gateway.actions.perform import Performer
from gateway.actions.registry import REGISTRY
from gateway.channels.africastalking import AfricasTalking
from gateway.channels.aggregator import Aggregator
from gateway.channels.aside import Aside
from gateway.channels.hop import Hops
from gateway.channels.trail import Trails
from gateway.conversation.book import Book
from gateway.conversation.engine import Engine
from gateway.core.embedded import core as embedded
from gateway.core.embedded.files.make import Made
from gateway.core.embedded.files.make import make_registry as make_files
from gateway.core.embedded.files.registry import FileTaken
from gateway.core.embedded.files.sheet import Progress
from gateway.core.embedded.languages import chosen_languages
from gateway.core.embedded.payments_import import Imported
from gateway.db import PATIENT_SECONDS, Database
from gateway.errors import SettingsError
from gateway.journal.journal import Journal
from gateway.journal.link import Link, connect
from gateway.journal.sessions import Sessions
from gateway.messages.announce import PaymentAnnouncer
from gateway.messages.inbox import Inbox
from gateway.messages.outbox import Outbox
from gateway.messages.queue import Nudge
from gateway.privacy import Vault
from gateway.services import Services
from gateway.settings import Settings

# The aggregator whose page sizes the menus are checked against, and through which messages leave.
AGGREGATOR = AfricasTalking.name


def build(settings: Settings, book: Book | None = None, patience: float = PATIENT_SECONDS) -> Services:
    """Everything, on the stores that the settings name. Raises GatewayError for what cannot be served.

    book: the menus, where they were opened already; patience: seconds to wait for a writer before us on SQLite.
    """
    vault = Vault(settings.keys)
    database = Database(settings.sql_url, patience)
    link = open_link(settings)
    book = book or open_book(settings)
    outbox = Outbox(database, vault)
    announcer = PaymentAnnouncer(outbox, book, vault, chosen_languages(vault))
    return Services(
        settings=settings,
        vault=vault,
        database=database,
        core=embedded.build(database, vault, settings.config, announcer),
        book=book,
        engine=Engine(book),
        sessions=Sessions(link, settings),
        journal=Journal(database, link, keep=settings.journal),
        inbox=Inbox(database, vault, Nudge(settings.store_url)),
        outbox=outbox,
    )


def open_book(settings: Settings) -> Book:
    """The menus, checked against the verbs that there are. Raises MenuError with every fault."""
    return Book.load(settings.menus, settings.config, REGISTRY, AGGREGATOR, settings.offer_unreviewed)


def open_link(settings: Settings) -> Link:
    """The way to Redis or Valkey; nothing is opened before the first question."""
    return connect(settings.store_url)


def aggregators(settings: Settings) -> tuple[Aggregator, ...]:
    """The aggregators that may call, the one that sends first."""
    return (
        AfricasTalking(
            settings.africastalking_username,
            settings.africastalking_api_key.get_secret_value(),
            settings.aggregator_url,
            settings.sender,
        ),
    )


def hops(services: Services) -> Hops:
    """What answers dials."""
    settings = services.settings
    aside = Aside(settings.web_threads)
    perform = Performer(
        services.core,
        settings.web_threads,
        languages=services.book.language_names(),
        pin_mark=services.vault.pin_mark,
    )
    trails = Trails(
        vault=services.vault,
        book=services.book,
        engine=services.engine,
        journal=services.journal,
        perform=perform,
        aside=aside,
        resume_seconds=settings.resume_minutes * 60,
    )
    return Hops(
        vault=services.vault,
        book=services.book,
        engine=services.engine,
        sessions=services.sessions,
        journal=services.journal,
        trails=trails,
        aside=aside,
        hop_seconds=settings.hop_seconds,
    )


def import_registry(
    services: Services, folder: Path, progress: Progress | None = None
) -> tuple[FileTaken, ...]:
    """Fill the embedded core from a folder of CSV files. PINs in files are the demo's alone.

    Raises FileFault with every fault; SettingsError where the core is not the embedded one.
    """
    return _imports(services).registry(folder, allow_pins=services.settings.env == "demo", progress=progress)


def import_payments(services: Services, file: Path, progress: Progress | None = None) -> Imported:
    """Take a CSV of instalments into the embedded core. Raises as `import_registry`."""
    return _imports(services).payments.take(file, progress)


def make_registry(folder: Path, households: int, seed: int, progress: Made | None = None) -> None:
    """Make up a registry, as files that `import_registry` takes. The same seed makes the same people."""
    make_files(folder, households, seed, progress)


def _imports(services: Services) -> embedded.Imports:
    if not isinstance(services.core, embedded.EmbeddedCore):
        raise SettingsError("this core is filled elsewhere; files are for the embedded one")
    return services.core.imports
