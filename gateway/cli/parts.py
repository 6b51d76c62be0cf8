"""What most commands need: settings, logs, and the services built on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.services import Services


@contextmanager
def services() -> "Iterator[Services]":
    """The services of this installation, closed at the end. Raises GatewayError where they cannot be built."""
    from gateway import compose, settings, telemetry

    chosen = settings.load()
    telemetry.set_up(chosen)
    built = compose.build(chosen)
    try:
        yield built
    finally:
        built.database.close()
