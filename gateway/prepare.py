"""The stores brought up before anybody asks them: Valkey, the schema, the demo registry."""

from collections.abc import Callable
from contextlib import ExitStack

from gateway import loaded, migrations
from gateway.db import UNREACHED, Database
from gateway.errors import SettingsError, StoreUnreachable
from gateway.settings import Settings
from gateway.valkey import Valkey


def start_valkey(settings: Settings, stores: ExitStack) -> Valkey | None:
    """The embedded server, stopped with `stores`; None where the settings name another one.

    Raises SettingsError that says how to get one where there is none.
    """
    if settings.redis_url != "embedded":
        _require_store(settings)
        return None
    return stores.enter_context(Valkey(settings.data_dir / "valkey", settings.valkey_socket, tied=True))


def _require_store(settings: Settings) -> None:
    """Raises SettingsError where the store that the settings name does not answer: nothing else would say so."""
    from gateway.journal.link import connect  # noqa: PLC0415 - only for a store that is not ours
    from gateway.journal.script import command  # noqa: PLC0415

    link = connect(settings.store_url)
    try:
        link.ask(command(b"GET", b"ping"))
    except StoreUnreachable as error:
        raise SettingsError(f"GATEWAY_REDIS_URL: Redis or Valkey does not answer there ({error})") from None
    finally:
        link.close()


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """The schema up to date, and in the demo its registry loaded. Quick where both were done today.

    Raises SettingsError where the database does not answer.
    """
    database = Database(settings.sql_url)
    try:
        lacking = migrations.behind(database)
    except UNREACHED as error:
        where = "DATABASE_URL" if settings.database_url else "DATA_DIR"
        raise SettingsError(
            f"GATEWAY_{where}: the database does not answer there ({type(error).__name__})"
        ) from None
    finally:
        database.close()
    if lacking:
        loaded.forget(settings)
        migrations.upgrade(settings.sql_url)
    if settings.env == "demo" and not loaded.is_current(settings):
        _load_demo(settings, say)


def _load_demo(settings: Settings, say: Callable[[str], None]) -> None:
    # Imported here: it takes longer to import than all else that this process does.
    from gateway import compose, demo  # noqa: PLC0415

    services = compose.build(settings)
    try:
        demo.load(services, say)
    finally:
        services.database.close()
    loaded.note(settings)
