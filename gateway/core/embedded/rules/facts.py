"""What a rule may look at: the facts of a person, and the terms of an emergency event."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gateway.core.embedded.tables import EVER_MARRIED


@dataclass(frozen=True, slots=True)
class EventTerms:
    """Whom an emergency event is for. Empty districts and provinces mean the whole country; days are included.

    may_apply   False: it pays whom its list names, and nobody may apply
    """

    code: str
    name: str
    districts: frozenset[str]
    provinces: frozenset[str]
    opens: date
    closes: date
    pmt_max: Decimal | None
    amount: int
    may_apply: bool
    programme: str = "emergency"

    def open_on(self, day: date) -> bool:
        return self.opens <= day <= self.closes

    def covers(self, province: str, district: str) -> bool:
        if not self.districts and not self.provinces:
            return True
        return district in self.districts or province in self.provinces


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule may look at.

    cnic_status     `valid`, `expired`, `blocked` or `unverified` on the day the facts are for
    disability      a member of her household lives with one; disabled: she herself does
    children        days of birth of the children of her family unit
    enrolled        programmes that she is in; family_enrolled those that anybody of her family unit is in
    event           the emergency event that she is judged for, if any
    """

    alive: bool
    surveyed: bool
    checking: bool
    resurvey_by: date | None
    sex: str
    marital_status: str
    born: date | None
    province: str
    district: str
    score: Decimal | None
    disability: bool
    flags: frozenset[str]
    spouse_flags: frozenset[str]
    cnic_status: str
    event: EventTerms | None = None
    disabled: bool = False
    children: tuple[date, ...] = ()
    enrolled: frozenset[str] = frozenset()
    family_enrolled: frozenset[str] = frozenset()

    @property
    def ever_married(self) -> bool:
        return self.marital_status in EVER_MARRIED
