"""The whole core, gathered."""

from dataclasses import dataclass

from gateway.core.port.accounts import Accounts
from gateway.core.port.call_backs import CallBacks
from gateway.core.port.cases import Cases
from gateway.core.port.casework import Casework
from gateway.core.port.consents import Consents
from gateway.core.port.courses import Courses
from gateway.core.port.desk import Desk
from gateway.core.port.directory import Directory
from gateway.core.port.eligibility import Eligibility
from gateway.core.port.health import Health
from gateway.core.port.links import Links
from gateway.core.port.loans import Loans
from gateway.core.port.nutrition import Nutrition
from gateway.core.port.pay_points import PayPoints
from gateway.core.port.payments import Payments
from gateway.core.port.pins import Pins
from gateway.core.port.registry import Registry
from gateway.core.port.requests import Applications, Tracking
from gateway.core.port.schools import Schools
from gateway.core.port.survey import Bookings, Changes, Surveys
from gateway.core.port.totals import Totals


@dataclass(frozen=True)
class Core:
    """Every subject that the gateway asks about."""

    registry: Registry
    pins: Pins
    eligibility: Eligibility
    payments: Payments
    directory: Directory
    applications: Applications
    cases: Cases
    tracking: Tracking
    surveys: Surveys
    bookings: Bookings
    changes: Changes
    accounts: Accounts
    loans: Loans
    health: Health
    schools: Schools
    nutrition: Nutrition
    consents: Consents
    courses: Courses
    desk: Desk
    casework: Casework
    call_backs: CallBacks
    links: Links
    pay_points: PayPoints
    totals: Totals

    def ping(self) -> None:
        """Raises CoreUnreachable if the core cannot answer."""
        self.registry.contact("+920000000000")
