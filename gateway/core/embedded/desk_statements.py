"""The statements of the call centre's desk. Every list has an end, and every one is found by an index."""

from typing import Any

from sqlalchemy import Boolean, bindparam, case, false, select, type_coerce, union_all

from gateway.core.embedded.tables import (
    case_,
    consent,
    decision,
    district,
    enrolment,
    event,
    household,
    instalment,
    instalment_event,
    pay_point,
    person,
    phone,
    phone_link,
    pin,
    tehsil,
)
from gateway.core.embedded.tracking import ROWS, TABLES
from gateway.core.port import Asked

MOST = 40  # requests, decisions, instalments: what anybody scrolls through in a call

BY_CNIC = select(person.c.id).where(person.c.cnic_key.in_(bindparam("keys", expanding=True)))

_KIN = (
    person.c.id,
    person.c.family_unit,
    person.c.name_sealed,
    person.c.cnic_last4,
    person.c.sex,
    person.c.born_on,
    person.c.relation,
    person.c.alive,
    person.c.disability,
)
MASKED = select(*_KIN).where(person.c.id.in_(bindparam("persons", expanding=True))).order_by(person.c.id)
HOUSEHOLD = (
    select(
        *_KIN,
        person.c.cnic_status,
        person.c.cnic_expires_on,
        person.c.marital_status,
        household.c.size,
        household.c.survey_status,
        household.c.surveyed_on,
        household.c.resurvey_by,
        tehsil.c.name.label("tehsil"),
        district.c.name.label("district"),
    )
    .select_from(
        person.join(household, household.c.id == person.c.household)
        .join(tehsil, tehsil.c.code == household.c.tehsil)
        .join(district, district.c.code == tehsil.c.district)
    )
    .where(
        person.c.household
        == select(person.c.household).where(person.c.id == bindparam("person")).scalar_subquery()
    )
    .order_by(person.c.born_on, person.c.id)
    .limit(MOST)
)

_best_first = case({"verified": 0, "claimed": 1}, value=phone_link.c.status, else_=2)
_LINKS = (
    phone_link.c.id,
    phone_link.c.person,
    phone_link.c.status,
    phone_link.c.verified_how,
    phone_link.c.linked_on,
    phone_link.c.details_by_sms,
    phone.c.phone_key,
    phone.c.phone_sealed,
    phone.c.opted_out,
    phone.c.language,
    pin.c.phone_link.label("pin"),
    pin.c.locked_until_at,
)
_linked = phone_link.join(phone, phone.c.id == phone_link.c.phone).outerjoin(
    pin, pin.c.phone_link == phone_link.c.id
)
LINKS_OF = (
    select(*_LINKS, consent.c.allowed, consent.c.channel, consent.c.at)
    .select_from(_linked.outerjoin(consent, consent.c.phone_link == phone_link.c.id))
    .where(phone_link.c.person == bindparam("person"))
    .order_by(_best_first, phone_link.c.linked_on.desc(), phone_link.c.id, consent.c.id.desc())
    .limit(MOST)
)
LINKED_TO = (
    select(*_LINKS)
    .select_from(_linked)
    .where(phone.c.phone_key.in_(bindparam("keys", expanding=True)))
    .order_by(_best_first, phone_link.c.linked_on, phone_link.c.id)
    .limit(MOST)
)

_child, _then = person.alias("child"), pay_point.alias("step_place")
_newest = (
    select(instalment.c.id)
    .where(instalment.c.person == bindparam("person"))
    .order_by(instalment.c.moved_on.desc(), instalment.c.id.desc())
    .limit(MOST)
)
MONEY = (
    select(
        instalment,
        pay_point.c.name.label("place"),
        event.c.open_from,
        _child.c.name_sealed,
        instalment_event.c.state.label("step_state"),
        instalment_event.c.reason.label("step_reason"),
        instalment_event.c.moved_on.label("step_on"),
        _then.c.name.label("step_place"),
    )
    .select_from(
        instalment.outerjoin(pay_point, pay_point.c.code == instalment.c.pay_point)
        .outerjoin(event, event.c.code == instalment.c.event)
        .outerjoin(_child, _child.c.id == instalment.c.child)
        .outerjoin(instalment_event, instalment_event.c.instalment == instalment.c.id)
        .outerjoin(_then, _then.c.code == instalment_event.c.pay_point)
    )
    .where(instalment.c.id.in_(_newest))
    .order_by(instalment.c.id, instalment_event.c.id)
)
ENROLMENTS = (
    select(enrolment)
    .where(enrolment.c.person == bindparam("person"))
    .order_by(enrolment.c.enrolled_on.desc(), enrolment.c.id)
    .limit(MOST)
)
DECIDED = (
    select(decision)
    .where(decision.c.person == bindparam("person"))
    .order_by(decision.c.id.desc())
    .limit(MOST)
)


def _asked(asked: Asked, **where: Any) -> Any:
    table = TABLES[asked]
    confidential = case_.c.confidential if asked == Asked.CASE else false()
    found = ROWS[asked].add_columns(type_coerce(confidential, Boolean).label("confidential"))
    return found.where(*(table.c[name] == value for name, value in where.items()))


def _asked_from(asked: Asked) -> Any:
    return _asked(asked).where(TABLES[asked].c.phone_key.in_(bindparam("keys", expanding=True)))


REQUEST = {asked: _asked(asked, reference=bindparam("reference")) for asked in ROWS}
REQUESTS_OF = union_all(*(_asked(asked, person=bindparam("person")) for asked in ROWS))
# Applications and changes belong to a person, who is named on the page; what no person is known for has only its phone.
REQUESTS_FROM = union_all(*(_asked_from(asked) for asked in (Asked.CASE, Asked.BOOKING)))

SEALED = {
    "name": select(person.c.name_sealed).where(person.c.id == bindparam("person")),
    "cnic": select(person.c.cnic_sealed).where(person.c.id == bindparam("person")),
    "phone": select(phone.c.phone_sealed)
    .select_from(phone_link.join(phone, phone.c.id == phone_link.c.phone))
    .where(phone_link.c.person == bindparam("person"))
    .order_by(_best_first, phone_link.c.linked_on.desc(), phone_link.c.id),
    "address": select(household.c.address_sealed)
    .select_from(person.join(household, household.c.id == person.c.household))
    .where(person.c.id == bindparam("person")),
}
