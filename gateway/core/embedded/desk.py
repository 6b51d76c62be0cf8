"""What the call centre sees of a caller, from the gateway's own database."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from gateway import clock
from gateway.core.embedded import desk_statements as statements
from gateway.core.embedded.eligibility import EmbeddedEligibility
from gateway.core.embedded.instalments import standing_of
from gateway.core.embedded.names import initials
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.references import asked_by
from gateway.core.port import (
    Asked,
    Decided,
    Decision,
    Enrolled,
    Identity,
    Kin,
    Link,
    Paid,
    Request,
    State,
    Step,
    Unpaid,
)
from gateway.db import Database
from gateway.privacy import Vault, mask_phone


@within_reach
class EmbeddedDesk:
    """`port.Desk` on the gateway's own database."""

    def __init__(self, database: Database, vault: Vault, eligibility: EmbeddedEligibility) -> None:
        self._database = database
        self._vault = vault
        self._eligibility = eligibility

    def person_of(self, cnic: str) -> int | None:
        rows = self._rows(statements.BY_CNIC, keys=self._vault.cnic_keys(cnic))
        return rows[0].id if rows else None

    def identity(self, person: int) -> Identity | None:
        rows = self._rows(statements.HOUSEHOLD, person=person)
        her = next((row for row in rows if row.id == person), None)
        if her is None:
            return None
        kin = [self._kin(row, her.family_unit) for row in rows if row.id != person]
        expired = her.cnic_status == "valid" and (her.cnic_expires_on or date.max) < clock.today()
        return Identity(
            her=self._kin(her, her.family_unit),
            cnic_state="expired" if expired else her.cnic_status or "",
            cnic_expires_on=her.cnic_expires_on,
            marital_status=her.marital_status,
            district=her.district,
            tehsil=her.tehsil,
            household_size=her.size,
            survey_status=her.survey_status,
            surveyed_on=her.surveyed_on,
            resurvey_by=her.resurvey_by,
            kin=tuple(sorted(kin, key=lambda one: not one.same_unit)),
        )

    def masked(self, persons: Collection[int]) -> tuple[Kin, ...]:
        rows = self._rows(statements.MASKED, persons=list(persons)) if persons else ()
        return tuple(self._kin(row, None) for row in rows)

    def links_of(self, person: int) -> tuple[Link, ...]:
        rows = self._rows(statements.LINKS_OF, person=person)
        links = []
        for _, group in groupby(rows, key=lambda row: row.id):
            answers = list(group)
            said = tuple((row.at, row.allowed, row.channel) for row in answers if row.at is not None)
            links.append(replace(self._link(answers[0]), consents=said))
        return tuple(links)

    def linked_to(self, phone_keys: Collection[str]) -> tuple[Link, ...]:
        return tuple(map(self._link, self._rows(statements.LINKED_TO, keys=list(phone_keys))))

    def money(self, person: int) -> tuple[Paid, ...]:
        today = clock.today()
        rows = self._rows(statements.MONEY, person=person)
        dated = []
        for _, group in groupby(rows, key=lambda row: row.id):
            steps = list(group)
            first = steps[0].open_from or clock.quarter_bounds(steps[0].period)[0]
            dated.append((first, self._paid(steps, today)))
        return tuple(paid for _, paid in sorted(dated, key=lambda each: (each[0], each[1].id), reverse=True))

    def enrolments(self, person: int) -> tuple[Enrolled, ...]:
        return tuple(
            Enrolled(row.programme, row.level, row.status, row.enrolled_on, row.ended_on)
            for row in self._rows(statements.ENROLMENTS, person=person)
        )

    def judged(self, person: int) -> tuple[Decision, ...]:
        return self._eligibility.judged(person)

    def decided(self, person: int) -> tuple[Decided, ...]:
        return tuple(
            Decided(
                row.programme,
                row.outcome,
                next((reason["code"] for reason in row.reasons if not reason["passed"]), ""),
                row.rule_version,
                row.at,
            )
            for row in self._rows(statements.DECIDED, person=person)
        )

    def requests_of(self, person: int) -> tuple[Request, ...]:
        return _newest_first(self._rows(statements.REQUESTS_OF, person=person))

    def requests_from(self, phone_keys: Collection[str]) -> tuple[Request, ...]:
        return _newest_first(self._rows(statements.REQUESTS_FROM, keys=list(phone_keys)))

    def request(self, reference: str) -> Request | None:
        asked = asked_by(reference)
        rows = self._rows(statements.REQUEST[asked], reference=reference) if asked else ()
        return _request(rows[0]) if rows else None

    def hidden(self, person: int, field: str) -> tuple[str, ...]:
        if field not in statements.SEALED:
            raise ValueError("no such field")
        rows = self._rows(statements.SEALED[field], person=person)
        return tuple(self._vault.open(row[0]) for row in rows if row[0])

    def _rows(self, statement: Any, **values: Any) -> tuple[Row[Any], ...]:
        with self._database.reading() as connection:
            return tuple(connection.execute(statement, values).all())

    def _kin(self, row: Row[Any], unit: int | None) -> Kin:
        return Kin(
            id=row.id,
            name=initials(self._vault.open(row.name_sealed)),
            last4=row.cnic_last4 or "",
            sex=row.sex,
            born_on=row.born_on,
            relation=row.relation,
            alive=row.alive,
            disability=row.disability,
            same_unit=unit is not None and row.family_unit == unit,
        )

    def _link(self, row: Row[Any]) -> Link:
        locked = row.locked_until_at
        return Link(
            person=row.person,
            phone_key=row.phone_key,
            masked=mask_phone(self._vault.open(row.phone_sealed)),
            status=row.status,
            how=row.verified_how or "",
            linked_on=row.linked_on,
            has_pin=row.pin is not None,
            pin_locked_until=locked if locked and locked > clock.now() else None,
            details_by_sms=row.details_by_sms,
            opted_out=row.opted_out,
            language=row.language or "",
        )

    def _paid(self, rows: list[Row[Any]], today: date) -> Paid:
        one = rows[0]
        return Paid(
            id=one.id,
            programme=one.programme,
            period=one.period,
            amount=one.amount,
            standing=standing_of(State(one.state), one.collect_by, today),
            unpaid=Unpaid(one.reason) if one.reason else None,
            place=one.place or "",
            place_on=one.place_on,
            until=one.collect_by,
            child=initials(self._vault.open(one.name_sealed)) if one.name_sealed else "",
            steps=tuple(
                Step(
                    State(row.step_state),
                    Unpaid(row.step_reason) if row.step_reason else None,
                    row.step_place or "",
                    row.step_on,
                )
                for row in rows
                if row.step_state is not None
            ),
        )


def _newest_first(rows: Iterable[Row[Any]]) -> tuple[Request, ...]:
    found = sorted(map(_request, rows), key=lambda one: (one.moved_on, one.reference), reverse=True)
    return tuple(found[: statements.MOST])


def _request(row: Row[Any]) -> Request:
    return Request(
        asked=Asked(row.asked),
        reference=row.reference,
        topic=row.topic,
        state=row.state,
        moved_on=row.moved_on,
        target_on=row.target_on,
        place=row.place,
        person=row.person,
        phone_key=row.phone_key,
        confidential=bool(row.confidential),
    )
