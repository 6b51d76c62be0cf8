"""The demo registry, loaded by the ordinary imports. Again changes nothing, so each start may do it."""

from collections.abc import Callable

from gateway import compose
from gateway.services import Services


def load(services: Services, say: Callable[[str], None]) -> None:
    """Take `config/demo`, and say in a line what was new."""
    folder = services.settings.config / "demo"
    taken = compose.import_registry(services, folder)
    moved = compose.import_payments(services, folder / "payments.csv")
    new = sum(each.added + each.changed for each in taken)
    if new or moved.moved:
        say(f"demo registry: {new} rows taken, {moved.moved} payments moved")
