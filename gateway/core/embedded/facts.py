"""A person's facts and her open payments, in one Core statement built at import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from gateway.core.embedded.instalments import COLLECTABLE
from gateway.core.embedded.rules import EventTerms, Facts
from gateway.core.embedded.tables import (
    district,
    enrolment,
    event,
    event_listing,
    family_unit,
    household,
    instalment,
    person,
    pmt_score,
    profile_flag,
    tehsil,
)
from gateway.core.port import State, Unpaid

# States in which money lies for her or is kept from her.
_OPEN = tuple(str(state) for state in (*COLLECTABLE, State.HELD, State.BIOMETRIC_FAILED))
_today: BindParameter[date] = bindparam("today")


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """Money that lies for her, or is held."""

    programme: str
    state: State
    unpaid: Unpaid | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about a person that an answer about eligibility needs.

    listed      programmes with an open emergency event whose list she is on
    """

    person: int
    facts: Facts
    listed: frozenset[str]
    payments: tuple[OpenPayment, ...]


def _flags_of(whose: Any) -> Any:
    return select(func.aggregate_strings(profile_flag.c.code, ",")).where(whose).scalar_subquery()


def _the_person(who: Any) -> Subquery:
    """Her own facts, one row at most."""
    member, kin = person.alias("member"), person.alias("kin")
    spouses = (
        select(case((family_unit.c.holder == person.c.id, family_unit.c.spouse), else_=family_unit.c.holder))
        .where(or_(family_unit.c.holder == person.c.id, family_unit.c.spouse == person.c.id))
        .correlate(person)
    )
    units = (
        select(family_unit.c.id)
        .where(or_(family_unit.c.id == person.c.family_unit, family_unit.c.spouse == person.c.id))
        .correlate(person)
    )
    children = (
        select(func.aggregate_strings(cast(kin.c.born_on, String), ","))
        .select_from(kin.join(family_unit, family_unit.c.id == kin.c.family_unit))
        .where(
            or_(family_unit.c.holder == person.c.id, family_unit.c.spouse == person.c.id),
            kin.c.id != family_unit.c.holder,
            or_(family_unit.c.spouse.is_(None), kin.c.id != family_unit.c.spouse),
            kin.c.alive,
        )
        .correlate(person)
    )
    listed = (
        select(func.aggregate_strings(event.c.programme, ","))
        .select_from(event_listing.join(event, event.c.code == event_listing.c.event))
        .where(event_listing.c.person == person.c.id, event.c.open_from <= _today, event.c.open_to >= _today)
    )
    expired = and_(person.c.cnic_status == "valid", person.c.cnic_expires_on < _today)
    return (
        select(
            person.c.id,
            person.c.alive,
            person.c.sex,
            person.c.born_on,
            person.c.marital_status,
            person.c.disability.label("disabled"),
            case((expired, "expired"), else_=person.c.cnic_status).label("cnic_status"),
            household.c.survey_status,
            household.c.resurvey_by,
            tehsil.c.district,
            district.c.province,
            select(pmt_score.c.score)
            .where(pmt_score.c.household == household.c.id)
            .order_by(pmt_score.c.scored_on.desc(), pmt_score.c.id.desc())
            .limit(1)
            .scalar_subquery()
            .label("score"),
            exists(
                select(literal(1)).where(
                    member.c.household == household.c.id, member.c.disability, member.c.alive
                )
            ).label("disability"),
            _flags_of(profile_flag.c.person == person.c.id).label("flags"),
            _flags_of(profile_flag.c.person.in_(spouses)).label("spouse_flags"),
            select(func.aggregate_strings(enrolment.c.programme, ","))
            .where(enrolment.c.person == person.c.id, enrolment.c.status == "active")
            .scalar_subquery()
            .label("enrolled"),
            select(func.aggregate_strings(enrolment.c.programme, ","))
            .select_from(kin.join(enrolment, enrolment.c.person == kin.c.id))
            .where(kin.c.family_unit.in_(units), enrolment.c.status == "active")
            .scalar_subquery()
            .label("family_enrolled"),
            children.scalar_subquery().label("children"),
            listed.scalar_subquery().label("listed"),
        )
        .select_from(
            person.join(household, household.c.id == person.c.household)
            .join(tehsil, tehsil.c.code == household.c.tehsil)
            .join(district, district.c.code == tehsil.c.district)
        )
        .where(who)
        .limit(1)  # a subquery of its own, so that her facts are found once and not for each payment
        .subquery("she")
    )


def _with_payments(who: Any) -> Any:
    she = _the_person(who)
    return select(
        she, instalment.c.programme, instalment.c.state, instalment.c.reason, instalment.c.collect_by
    ).select_from(
        she.outerjoin(instalment, and_(instalment.c.person == she.c.id, instalment.c.state.in_(_OPEN)))
    )


_BY_CNIC = _with_payments(person.c.cnic_key.in_(bindparam("keys", expanding=True)))
_BY_ID = _with_payments(person.c.id == bindparam("person"))
_EVENTS = select(event).order_by(event.c.open_from.desc(), event.c.code)
_OPEN_EVENTS = _EVENTS.where(event.c.open_from <= _today, event.c.open_to >= _today)


def standing_by_cnic(connection: Connection, keys: Sequence[str], today: date) -> Standing | None:
    """The standing of whoever holds a CNIC, by its look-up values, or None if nobody here does."""
    return _standing(connection.execute(_BY_CNIC, {"keys": keys, "today": today}).all())


def standing_of_person(connection: Connection, person_id: int, today: date) -> Standing | None:
    return _standing(connection.execute(_BY_ID, {"person": person_id, "today": today}).all())


def open_events(connection: Connection, today: date) -> tuple[EventTerms, ...]:
    """Events in whose window the day lies, newest first."""
    return tuple(terms_of(row) for row in connection.execute(_OPEN_EVENTS, {"today": today}))


def terms_of(row: Row[Any]) -> EventTerms:
    """An event's row as terms."""
    return EventTerms(
        code=row.code,
        name=row.name,
        districts=frozenset(row.districts),
        provinces=frozenset(row.provinces),
        opens=row.open_from,
        closes=row.open_to,
        pmt_max=row.pmt_max,
        amount=row.amount,
        may_apply=row.may_apply,
        programme=row.programme,
    )


def _standing(rows: Sequence[Row[Any]]) -> Standing | None:
    if not rows:
        return None
    she = rows[0]
    facts = Facts(
        alive=she.alive,
        surveyed=she.survey_status != "not_surveyed",
        checking=she.survey_status == "pending",
        resurvey_by=she.resurvey_by,
        sex=she.sex,
        marital_status=she.marital_status,
        born=she.born_on,
        province=she.province,
        district=she.district,
        score=she.score,
        disability=bool(she.disability),
        flags=_codes(she.flags),
        spouse_flags=_codes(she.spouse_flags),
        cnic_status=she.cnic_status or "",
        disabled=she.disabled,
        children=tuple(date.fromisoformat(born) for born in sorted(_codes(she.children))),
        enrolled=_codes(she.enrolled),
        family_enrolled=_codes(she.family_enrolled),
    )
    payments = tuple(
        OpenPayment(row.programme, State(row.state), row.reason and Unpaid(row.reason), row.collect_by)
        for row in rows
        if row.state is not None
    )
    return Standing(she.id, facts, _codes(she.listed), payments)


def _codes(joined: str | None) -> frozenset[str]:
    return frozenset(joined.split(",")) if joined else frozenset()
