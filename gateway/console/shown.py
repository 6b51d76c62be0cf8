"""How the console writes instants, days, money, sexes and roles, in the reader's language."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time

from gateway import clock
from gateway.console.words import _, language, mark
from gateway.privacy import mask_cnic
from gateway.staff.roles import Role

_SEXES = {"F": mark("woman"), "M": mark("man"), "X": mark("transgender person")}
_ROLES = {
    Role.AGENT: mark("agent"),
    Role.FEMALE_AGENT: mark("female agent"),
    Role.SUPERVISOR: mark("supervisor"),
    Role.OFFICER: mark("programme officer"),
    Role.AUDITOR: mark("auditor"),
    Role.ADMIN: mark("admin"),
}


def when(instant: datetime) -> str:
    """`22 Nov 2026, 12:00`, by Pakistan's clock."""
    return format_datetime(instant.astimezone(clock.PAKISTAN), "d MMM y, HH:mm", locale=language())


def at(instant: datetime) -> str:
    """`12:00:07`, by Pakistan's clock."""
    return format_time(instant.astimezone(clock.PAKISTAN), "HH:mm:ss", locale=language())


def day(value: date) -> str:
    """`22 Nov 2026`."""
    return format_date(value, "d MMM y", locale=language())


def short_day(value: date) -> str:
    """`22 Nov`, where the year is plain."""
    return format_date(value, "d MMM", locale=language())


def money(rupees: int) -> str:
    """`Rs 13,500`."""
    return _("Rs {amount}", amount=f"{rupees:,}")


def age(born: date | None) -> int | None:
    """Full years today."""
    if born is None:
        return None
    today = clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def sex(code: str) -> str:
    return _(_SEXES[code])


def role(value: Role) -> str:
    return _(_ROLES[value])


FUNCTIONS = {
    "when": when, "at": at, "day": day, "short_day": short_day, "money": money, "age": age, "sex": sex, "role": role, "mask_cnic": mask_cnic,
}  # fmt: skip
