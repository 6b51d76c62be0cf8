"""The core's tables: places, registry, phones and PINs, programmes, money. All on `gateway.db.metadata`.

A `_key` column is a keyed HMAC for look-up (`Vault`), a `_sealed` one is AES-GCM. Money is whole rupees, a column
ending in `_at` is an instant, in `_on` (or `_from`, `_to`, `_by`, `_until`) a calendar day in Pakistan, both days of
a span included. Places, programmes, events and pay points are named by their codes, everything else by a number.
"""

from gateway.core.embedded.tables.money import (
    ACCOUNT_KINDS,
    ACCOUNT_STATUSES,
    account,
    instalment,
    instalment_event,
)
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

__all__ = [
    "ACCOUNT_KINDS",
    "ACCOUNT_STATUSES",
    "CNIC_STATUSES",
    "ENROLMENT_STATUSES",
    "EVER_MARRIED",
    "FLAGS",
    "LINK_STATUSES",
    "MARITAL_STATUSES",
    "PAY_POINT_KINDS",
    "PAY_POINT_STATUSES",
    "RELATIONS",
    "SEXES",
    "SURVEY_STATUSES",
    "VERIFIED_HOW",
    "account",
    "benefit_rate",
    "decision",
    "district",
    "enrolment",
    "event",
    "event_listing",
    "family_unit",
    "household",
    "instalment",
    "instalment_event",
    "lookup",
    "office",
    "pay_point",
    "person",
    "phone",
    "phone_link",
    "pin",
    "pin_attempt",
    "pmt_score",
    "profile_flag",
    "programme",
    "province",
    "rule_set",
    "tehsil",
]
