"""The core's tables, one file a subject. All on `gateway.db.metadata`.

A `_key` column is a keyed HMAC for look-up (`Vault`), a `_sealed` one is AES-GCM. Money is whole rupees, a column
ending in `_at` is an instant, in `_on` (or `_from`, `_to`, `_by`, `_until`) a calendar day in Pakistan, both days of
a span included. Places, programmes, events and pay points are named by their codes, everything else by a number.
"""

from gateway.core.embedded.tables.consents import IMPORTED, consent
from gateway.core.embedded.tables.courses import COURSE_CODE, course
from gateway.core.embedded.tables.facilities import FACILITY_STATUSES, facility
from gateway.core.embedded.tables.health import CLAIM_KINDS, claim, coverage
from gateway.core.embedded.tables.loans import loan, repayment
from gateway.core.embedded.tables.money import (
    ACCOUNT_KINDS,
    ACCOUNT_STATUSES,
    INSTALMENT_KINDS,
    account,
    instalment,
    instalment_event,
)
from gateway.core.embedded.tables.nutrition import NUTRITION_STATUSES, clinic_visit, nutrition_case
from gateway.core.embedded.tables.payment_events import payment_event, used_signature
from gateway.core.embedded.tables.people import (
    CNIC_STATUSES,
    EVER_MARRIED,
    FLAGS,
    MARITAL_STATUSES,
    RELATIONS,
    SEXES,
    SURVEY_STATUSES,
    family_unit,
    household,
    person,
    pmt_score,
    profile_flag,
)
from gateway.core.embedded.tables.phones import (
    LINK_STATUSES,
    VERIFIED_HOW,
    phone,
    phone_link,
    pin,
    pin_attempt,
)
from gateway.core.embedded.tables.places import (
    PAY_POINT_KINDS,
    PAY_POINT_STATUSES,
    district,
    office,
    pay_point,
    province,
    tehsil,
)
from gateway.core.embedded.tables.programmes import (
    ENROLMENT_STATUSES,
    benefit_rate,
    decision,
    enrolment,
    event,
    event_listing,
    lookup,
    programme,
    rule_set,
)
from gateway.core.embedded.tables.requests import (
    CHANNELS,
    OPEN_APPLICATIONS,
    OPEN_CASES,
    application,
    application_event,
    case_,
    case_event,
)
from gateway.core.embedded.tables.schools import STUDENT_STATUSES, attendance, student
from gateway.core.embedded.tables.survey import (
    OPEN_BOOKINGS,
    OPEN_CHANGES,
    change_request,
    change_request_event,
    survey_booking,
    survey_booking_event,
)
from gateway.core.embedded.tables.work import call_back, pay_point_flag, staff_act

__all__ = [
    "ACCOUNT_KINDS",
    "ACCOUNT_STATUSES",
    "CHANNELS",
    "CLAIM_KINDS",
    "CNIC_STATUSES",
    "COURSE_CODE",
    "ENROLMENT_STATUSES",
    "EVER_MARRIED",
    "FACILITY_STATUSES",
    "FLAGS",
    "IMPORTED",
    "INSTALMENT_KINDS",
    "LINK_STATUSES",
    "MARITAL_STATUSES",
    "NUTRITION_STATUSES",
    "OPEN_APPLICATIONS",
    "OPEN_BOOKINGS",
    "OPEN_CASES",
    "OPEN_CHANGES",
    "PAY_POINT_KINDS",
    "PAY_POINT_STATUSES",
    "RELATIONS",
    "SEXES",
    "STUDENT_STATUSES",
    "SURVEY_STATUSES",
    "VERIFIED_HOW",
    "account",
    "application",
    "application_event",
    "attendance",
    "benefit_rate",
    "call_back",
    "case_",
    "case_event",
    "change_request",
    "change_request_event",
    "claim",
    "clinic_visit",
    "consent",
    "course",
    "coverage",
    "decision",
    "district",
    "enrolment",
    "event",
    "event_listing",
    "facility",
    "family_unit",
    "household",
    "instalment",
    "instalment_event",
    "loan",
    "lookup",
    "nutrition_case",
    "office",
    "pay_point",
    "pay_point_flag",
    "payment_event",
    "person",
    "phone",
    "phone_link",
    "pin",
    "pin_attempt",
    "pmt_score",
    "profile_flag",
    "programme",
    "province",
    "repayment",
    "rule_set",
    "staff_act",
    "student",
    "survey_booking",
    "survey_booking_event",
    "tehsil",
    "used_signature",
]
