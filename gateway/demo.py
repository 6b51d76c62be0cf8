"""The demo registry, loaded by the ordinary imports, and its staff. Again changes nothing, so each start may do it."""

from collections.abc import Callable

from gateway import compose
from gateway.errors import SettingsError
from gateway.services import Services
from gateway.settings import DEMO_STAFF_PASSWORD
from gateway.staff.roles import Role

# One account a role, all with the password that everybody knows: production does not start on a database with these.
STAFF = (
    ("agent", "Adeel", Role.AGENT),
    ("female", "Farzana", Role.FEMALE_AGENT),
    ("supervisor", "Saima", Role.SUPERVISOR),
    ("officer", "Omar", Role.OFFICER),
    ("auditor", "Amna", Role.AUDITOR),
    ("admin", "Hamid", Role.ADMIN),
)


def load(services: Services, say: Callable[[str], None]) -> None:
    """Take `config/demo`, and say in a line what was new."""
    if services.settings.env != "demo":
        raise SettingsError("the demo's people and passwords are for the demo alone")
    folder = services.settings.config / "demo"
    taken = compose.import_registry(services, folder)
    moved = compose.import_payments(services, folder / "payments.csv")
    new = sum(each.added + each.changed for each in taken)
    if new or moved.moved:
        say(f"demo registry: {new} rows taken, {moved.moved} payments moved")
    _add_staff(services)


def _add_staff(services: Services) -> None:
    accounts = services.staff.accounts
    there = {member.name for member in accounts.all()}
    for name, display_name, role in STAFF:
        if name not in there:
            accounts.add("system:demo", name, role, DEMO_STAFF_PASSWORD, display_name=display_name, demo=True)
