"""Where the gateway is put together: the only file that names concrete classes."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from gateway import staff
from gateway.actions.cases import CATEGORIES
from gateway.actions.kinds import PROGRAMME_WORDS
from gateway.actions.perform import Performer
from gateway.actions.registry import REGISTRY
from gateway.api.ports import Ports
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
from gateway.core.embedded.programmes import load_programmes
from gateway.db import PATIENT_SECONDS, Database
from gateway.errors import SettingsError
from gateway.journal.journal import Journal
from gateway.journal.link import Link, connect
from gateway.journal.rollups import Rollups
from gateway.journal.sessions import Sessions
from gateway.messages import keywords
from gateway.messages.announce import MoveAnnouncer
from gateway.messages.by_hand import ByHand
from gateway.messages.history import History
from gateway.messages.inbox import Inbox
from gateway.messages.outbox import Outbox
from gateway.messages.queue import Nudge
from gateway.privacy import Vault
from gateway.services import Services
from gateway.settings import Settings
from gateway.staff import Staff
from gateway.staff.roles import Role

# The aggregator whose page sizes the menus are checked against, and through which messages leave.
AGGREGATOR = AfricasTalking.name
# A few of the staff try things out at a time; callers must not wait for them.
SANDBOX_THREADS = 4


def build(settings: Settings, book: Book | None = None, patience: float = PATIENT_SECONDS) -> Services:
    """Everything, on the stores that the settings name. Raises GatewayError for what cannot be served.

    book: the menus, where they were opened already; patience: seconds to wait for a writer before us on SQLite.
    """
    vault = Vault(settings.keys)
    database = Database(settings.sql_url, patience)
    link = open_link(settings)
    book = book or open_book(settings)
    outbox, history, by_hand, announcer = _outgoing(database, vault, book)
    core = embedded.build(database, vault, settings.config, announcer, reported=CATEGORIES)
    return Services(
        settings=settings,
        vault=vault,
        database=database,
        core=core,
        book=book,
        reopen_book=lambda: open_book(settings),
        engine=Engine(book),
        sessions=Sessions(link, settings),
        journal=Journal(
            database,
            link,
            keep=settings.journal,
            answers=book.answers,
            in_confidence=core.casework.in_confidence,
        ),
        rollups=Rollups(database),
        inbox=Inbox(database, vault, Nudge(settings.store_url)),
        outbox=outbox,
        history=history,
        by_hand=by_hand,
        staff=open_staff(settings, database, vault),
        sandbox=cache(lambda: sandbox(settings, database, vault, book)),
    )


def sandbox(settings: Settings, database: Database, vault: Vault, book: Book) -> Performer:
    """Verbs on a core of today's data that keeps nothing of what it is told, and so tells nobody."""
    trial = database.trial()
    *_, announcer = _outgoing(trial, vault, book)
    core = embedded.build(trial, vault, settings.config, announcer, reported=CATEGORIES)
    return Performer(core, SANDBOX_THREADS, languages=book.language_names(), pin_mark=vault.pin_mark)


def _outgoing(database: Database, vault: Vault, book: Book) -> tuple[Outbox, History, ByHand, MoveAnnouncer]:
    """What writes and reads the messages that go out."""
    outbox, history, languages = Outbox(database, vault), History(database, vault), chosen_languages(vault)
    by_hand = ByHand(database, vault, book, outbox, history, languages)
    return outbox, history, by_hand, MoveAnnouncer(outbox, book, vault, languages, by_hand)


def open_staff(settings: Settings, database: Database, vault: Vault) -> Staff:
    """The staff's accounts and all that hangs on them. Raises SettingsError for a role that there is not."""
    for setting, names in (
        ("CONSOLE_FACTOR_ROLES", settings.factor_roles),
        ("OIDC_ROLES", tuple(role for _, role in settings.oidc_role_names)),
    ):
        if unknown := [name for name in names if name not in set(Role)]:
            raise SettingsError(
                f"GATEWAY_{setting}: no role {', '.join(unknown)}; there are {', '.join(Role)}"
            )
    return staff.build(
        database,
        vault,
        idle=timedelta(minutes=settings.console_idle_minutes),
        factor_roles=[Role(name) for name in settings.factor_roles],
        second_person=settings.reveal_second_person,
        production=settings.env == "production",
    )


def open_book(settings: Settings) -> Book:
    """The menus, checked against the verbs and the programmes that there are. Raises MenuError with every fault, FileFault
    for a programmes.yaml that cannot be used.
    """
    programmes = load_programmes(settings.config / "programmes.yaml").entries
    words = [f"{family}.{code}" for code in programmes for family in PROGRAMME_WORDS]
    book = Book.load(settings.menus, settings.config, REGISTRY, AGGREGATOR, settings.offer_unreviewed, words)
    keywords.load(settings.menus)
    return book


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


def ports(services: Services) -> Ports:
    """What the API asks beside the services. Raises as `import_registry`."""
    core = _embedded(services)
    return Ports(core.payment_events, core.case_list)


def _imports(services: Services) -> embedded.Imports:
    return _embedded(services).imports


def _embedded(services: Services) -> embedded.EmbeddedCore:
    if not isinstance(services.core, embedded.EmbeddedCore):
        raise SettingsError("this core is filled elsewhere; files are for the embedded one")
    return services.core
