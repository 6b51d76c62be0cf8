"""The call centre's work on cases, on the gateway's own database: every act is one transaction, and one key is one act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, union_all, update

from gateway import clock
from gateway.core.embedded import waiting
from gateway.core.embedded.acts import first_time
from gateway.core.embedded.case_queues import (
    COUNTS,
    LISTED,
    WAITING_COUNTS,
    behind,
    place_of,
)
from gateway.core.embedded.cases import CASES, EmbeddedCases
from gateway.core.embedded.categories import Categories
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.references import references_in
from gateway.core.embedded.tables import OPEN_CASES, case_, case_event, phone
from gateway.core.embedded.told import phones_of
from gateway.core.port import (
    Asked,
    CaseFile,
    CasePage,
    CaseRow,
    CaseState,
    CaseStep,
    Opened,
    Promise,
    RequestPage,
    RequestRow,
    ReviewedText,
)
from gateway.db import Database
from gateway.privacy import Vault

# A case shows up in the Ombudsman's queue so many days before it goes there.
SOON = timedelta(days=5)

_BY_REFERENCE = select(case_).where(case_.c.reference == bindparam("reference"))
_IN_CONFIDENCE = select(case_.c.reference).where(
    case_.c.reference.in_(bindparam("named", expanding=True)), case_.c.confidential
)
_STEPS = select(case_event).where(case_event.c.case == bindparam("which")).order_by(case_event.c.id)
_GIVE = update(case_).where(case_.c.id == bindparam("which")).values(assigned_to=bindparam("to"))
_PHONE = union_all(
    select(phone.c.phone_sealed).where(phone.c.phone_key == bindparam("key")),
    select(case_.c.phone_sealed).where(case_.c.phone_key == bindparam("key")),
).limit(1)


@within_reach
class EmbeddedCasework:
    """`port.Casework` on the gateway's own database."""

    def __init__(
        self, database: Database, vault: Vault, categories: Categories, cases: EmbeddedCases
    ) -> None:
        self._database = database
        self._vault = vault
        self._categories = categories
        self._cases = cases

    def counts(self, by: str, *, confidential: bool) -> Mapping[str, int]:
        with self._database.reading() as connection:
            cases = connection.execute(COUNTS, self._whose(by, confidential=confidential)).one()
            others = connection.execute(WAITING_COUNTS).one()
        return {name: int(count) for name, count in (cases._asdict() | others._asdict()).items()}

    def queue(self, name: str, by: str, *, confidential: bool, after: str = "", limit: int = 50) -> CasePage:
        values = self._whose(by, confidential=confidential) | behind(after) | {"most": limit + 1}
        with self._database.reading() as connection:
            rows = connection.execute(LISTED[name], values).all()
        more = place_of(rows[limit - 1]) if len(rows) > limit else ""
        return CasePage(tuple(map(_listed, rows[:limit])), more)

    def following(self, name: str, reference: str, by: str, *, confidential: bool) -> CaseRow | None:
        whose = self._whose(by, confidential=confidential)
        with self._database.reading() as connection:
            here = connection.execute(_BY_REFERENCE, {"reference": reference}).first()
            for after in (place_of(here), "") if here else ():
                rows = connection.execute(LISTED[name], whose | behind(after) | {"most": 2})
                if found := next((row for row in rows if row.reference != reference), None):
                    return _listed(found)
        return None

    def requests(self, asked: Asked, *, after: str = "", limit: int = 50) -> RequestPage:
        with self._database.reading() as connection:
            return waiting.page_of(connection, asked, after, limit)

    def request(self, asked: Asked, reference: str) -> tuple[RequestRow, tuple[str, ...]]:
        with self._database.reading() as connection:
            return waiting.request_of(connection, asked, reference)

    def file(self, reference: str, *, confidential: bool) -> CaseFile:
        with self._database.reading() as connection:
            row = connection.execute(_BY_REFERENCE, {"reference": reference}).first()
            if row is None or (row.confidential and not confidential):
                raise LookupError("no such case")
            steps = connection.execute(_STEPS, {"which": row.id}).all()
        return CaseFile(
            _listed(row),
            self._vault.open(row.phone_sealed),
            row.phone_key,
            self._opened(row.words_sealed),
            tuple(
                CaseStep(
                    CaseState(step.state), step.by, step.at, self._opened(step.note_sealed), step.assigned_to
                )
                for step in steps
            ),
            CASES.next_states(row.state),
            row.session,
        )

    def in_confidence(self, texts: Iterable[str]) -> frozenset[str]:
        named = {reference for each in texts for reference in references_in(each)}
        if not named:
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(connection.execute(_IN_CONFIDENCE, {"named": list(named)}).scalars())

    def phones_of(self, person: int) -> tuple[str, ...]:
        with self._database.reading() as connection:
            return phones_of(connection, self._vault, [person]).get(person, ())

    def phone(self, phone_key: str) -> str:
        with self._database.reading() as connection:
            row = connection.execute(_PHONE, {"key": phone_key}).first()
        if row is None:
            raise LookupError("no such phone")
        return self._vault.open(row.phone_sealed)

    def promise(self, category: str) -> Promise:
        kind = self._categories[category]
        return Promise(clock.today() + timedelta(days=kind.days), kind.urgent, kind.confidential)

    def open(  # noqa: PLR0913 - the port's signature
        self,
        category: str,
        phone: str,
        key: str,
        *,
        by: str,
        person: int | None,
        subject: str = "",
        words: str = "",
        session: str = "",
    ) -> Opened:
        with self._database.writing() as connection:
            first = first_time(connection, key, by)
            opened = self._cases.enter(
                connection,
                category,
                phone,
                key,
                channel="console",
                person=person,
                subject=subject,
                words=words,
                session=session,
                by=by,
                tell=first,
            )
        return opened if first else replace(opened, outcome="again")

    def assign(
        self, references: Sequence[str], to: str | None, *, by: str, key: str, confidential: bool
    ) -> int:
        with self._database.writing() as connection:
            if not first_time(connection, key, by):
                return 0
            return sum(
                self._give(connection, reference, to, by, confidential=confidential)
                for reference in sorted(set(references))
            )

    def answer(  # noqa: PLR0913 - the port's signature
        self,
        reference: str,
        state: CaseState | None,
        *,
        by: str,
        key: str,
        confidential: bool,
        note: str = "",
        text: ReviewedText | None = None,
    ) -> bool:
        with self._database.writing() as connection:
            row = self._held(connection, reference, confidential=confidential)
            if not first_time(connection, key, by):
                return False
            if state is None:
                sealed = self._vault.seal(note) if note else None
                CASES.note(connection, row.id, row.state, by, note_sealed=sealed)
            else:
                self._cases.bring(connection, row, state, by, note)
            if text is not None:
                self._cases.send_along(connection, row, text)
        return True

    def _give(
        self, connection: Connection, reference: str, to: str | None, by: str, *, confidential: bool
    ) -> bool:
        row = self._held(connection, reference, confidential=confidential)
        if row.state not in OPEN_CASES or row.assigned_to == to:
            return False
        if to is not None and row.state in {CaseState.NEW, CaseState.REOPENED}:
            self._cases.bring(connection, row, CaseState.ASSIGNED, by, "", assigned_to=to)
        else:
            CASES.note(connection, row.id, row.state, by, assigned_to=to)
        connection.execute(_GIVE, {"which": row.id, "to": to})
        return True

    @staticmethod
    def _held(connection: Connection, reference: str, *, confidential: bool) -> Row[Any]:
        row = CASES.hold(connection, reference)
        if row.confidential and not confidential:
            raise LookupError("no such case")
        return row

    def _opened(self, sealed: str | None) -> str:
        return self._vault.open(sealed) if sealed else ""

    @staticmethod
    def _whose(by: str, *, confidential: bool) -> dict[str, Any]:
        today = clock.today()
        return {"me": by, "confidential": confidential, "today": today, "soon": today + SOON}


def _listed(row: Row[Any]) -> CaseRow:
    return CaseRow(
        row.reference,
        row.category,
        row.subject,
        CaseState(row.state),
        row.urgent,
        row.confidential,
        row.channel,
        row.person,
        row.opened_on,
        row.target_on,
        row.ombudsman_on,
        row.assigned_to,
    )
