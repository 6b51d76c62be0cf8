"""What most commands need: settings, logs, and the services built on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.services import Services


@contextmanager
def services() -> "Iterator[Services]":
    """The services of this installation, closed at the end. Raises GatewayError where they cannot be built.

    Where a command fails on a schema that is behind, it says so.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from gateway import compose, settings, telemetry
    from gateway.errors import CoreUnreachable, DatabaseUnreachable, SettingsError

    chosen = settings.load()
    if not chosen.database_url and not chosen.data_dir.is_dir():
        raise SettingsError(
            f"no folder {chosen.data_dir} yet: `gateway run` or `gateway db upgrade` makes it"
        )
    telemetry.set_up(chosen)
    built = compose.build(chosen)
    try:
        yield built
    except (SQLAlchemyError, CoreUnreachable, DatabaseUnreachable):
        from gateway import migrations

        migrations.require_current(built.database)
        raise
    finally:
        built.database.close()
