"""Who may have what: the open answer to a CNIC, the decision on a person, its explanation for staff."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from gateway import clock
from gateway.core.embedded import lookups
from gateway.core.embedded.directory import EmbeddedDirectory
from gateway.core.embedded.facts import Standing, open_events, standing_by_cnic, standing_of_person
from gateway.core.embedded.instalments import BRANCH, READY, standing_of
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.rules import EventTerms, Facts, judge, outcome_of
from gateway.core.embedded.tables import decision, person
from gateway.core.port import Coarse, CoarseAnswer, Decision, Office, Reason, Unpaid
from gateway.db import Database
from gateway.privacy import Vault

_CNIC_REASONS = {Unpaid.CNIC_EXPIRED, Unpaid.CNIC_BLOCKED, Unpaid.CNIC_NOT_UPDATED}
# Where a programme's answer sends her to an office.
_BY_OFFICE = {"survey_needed", "may_apply"}

_newest = (
    select(func.max(decision.c.id))
    .where(
        decision.c.person == bindparam("person"),
        decision.c.programme.in_(bindparam("programmes", expanding=True)),
    )
    .group_by(decision.c.programme)
)
_LAST = select(decision).where(decision.c.id.in_(_newest))
_ADD = insert(decision)
_HOLD_PERSON = select(person.c.id).where(person.c.id == bindparam("person")).with_for_update()


@within_reach
class EmbeddedEligibility:
    """`port.Eligibility` on the gateway's own database."""

    def __init__(
        self, database: Database, vault: Vault, programmes: Programmes, directory: EmbeddedDirectory
    ) -> None:
        self._database = database
        self._vault = vault
        self._programmes = programmes
        self._directory = directory

    def coarse(self, cnic: str, phone: str, key: str) -> CoarseAnswer:
        keys = self._vault.cnic_keys(cnic)
        allowed, notice = lookups.count(self._database, self._vault.phone_key(phone), keys[0], key)
        if not allowed:
            return CoarseAnswer(Coarse.RATE_LIMITED, notice=notice)
        today = clock.today()
        with self._database.reading() as connection:
            standing = standing_by_cnic(connection, keys, today)
        if standing is None:
            return CoarseAnswer(Coarse.SURVEY_NEEDED, office=self._directory.office_near(cnic))
        result = self._coarse(standing, today)
        return CoarseAnswer(
            result,
            self._office_for(result, standing),
            emergency=bool(standing.listed) and standing.facts.alive,
        )

    def coarse_of(self, person: int) -> Coarse:
        today = clock.today()
        with self._database.reading() as connection:
            standing = standing_of_person(connection, person, today)
        if standing is None:
            raise LookupError("no such person")
        return self._coarse(standing, today)

    def decide(self, person: int, programme: str, event: str = "") -> Decision:
        """event: for a programme that pays by event, the one meant; blank for the one open where she lives."""
        return self._decided(person, (programme,), event)[0]

    def decide_all(self, person: int) -> tuple[Decision, ...]:
        """Every programme's decision, in the file's order, each stored as `decide` does."""
        return self._decided(person, tuple(self._programmes.entries))

    def explain(self, cnic: str) -> tuple[Decision, ...]:
        today = clock.today()
        with self._database.reading() as connection:
            standing = standing_by_cnic(connection, self._vault.cnic_keys(cnic), today)
            events = open_events(connection, today)
        if standing is None:
            return ()
        office = self._office_of(standing.person)
        return tuple(self._decide(standing, code, events, today, office) for code in self._programmes.entries)

    def judged(self, person: int) -> tuple[Decision, ...]:
        """Every programme's decision by today's rules, for staff: nothing is stored, and no office looked up."""
        today = clock.today()
        with self._database.reading() as connection:
            standing = standing_of_person(connection, person, today)
            events = open_events(connection, today)
        if standing is None:
            return ()
        return tuple(
            self._decide(standing, code, events, today, lambda: None) for code in self._programmes.entries
        )

    def _decided(self, person: int, codes: tuple[str, ...], event: str = "") -> tuple[Decision, ...]:
        today = clock.today()
        by_event = any(self._programmes[code].period == "event" for code in codes)
        with self._database.reading() as connection:
            standing = standing_of_person(connection, person, today)
            events = open_events(connection, today) if by_event else ()
            last = _last(connection, person, codes)
        if standing is None:
            raise LookupError("no such person")
        if event:
            events = tuple(each for each in events if each.code == event)
        office = self._office_of(person)
        made = [self._decide(standing, code, events, today, office) for code in codes]
        new = [each for each in made if not _same(last.get(each.programme), each)]
        if new:
            with self._database.writing() as connection:
                _store(connection, person, new)
        return tuple(
            each if each in new else replace(each, decided_at=last[each.programme].at) for each in made
        )

    def _coarse(self, standing: Standing, today: date) -> Coarse:
        """Money that waits is the answer before anything about rules; otherwise the best of the programmes' answers."""
        facts = standing.facts
        if not facts.alive:
            return Coarse.DECEASED
        standings = {standing_of(each.state, each.until, today) for each in standing.payments}
        if standings & {READY, BRANCH}:
            return Coarse.PAYMENT_READY
        if any(each.unpaid in _CNIC_REASONS for each in standing.payments):
            return Coarse.CNIC_ISSUE
        answers = {
            self._programme_answer(standing, code, today)
            for code, programme in self._programmes.entries.items()
            if programme.coarse
        }
        return next((each for each in _BEST_FIRST if each in answers), Coarse.NOT_ELIGIBLE)

    def _programme_answer(self, standing: Standing, programme: str, today: date) -> Coarse:
        reasons, outcome = self._judge(standing, programme, standing.facts, today)
        code = next((reason.code for reason in reasons if not reason.passed), "")
        if code == "RESURVEY_DUE":
            return Coarse.RESURVEY_NEEDED
        if code.startswith("CNIC_"):
            return Coarse.CNIC_ISSUE
        return _COARSE[outcome]

    def _decide(
        self,
        standing: Standing,
        code: str,
        events: tuple[EventTerms, ...],
        today: date,
        office: Callable[[], Office | None],
    ) -> Decision:
        facts = standing.facts
        if self._programmes[code].period == "event":
            facts = replace(
                facts, event=_event_for(facts, [each for each in events if each.programme == code])
            )
        reasons, outcome = self._judge(standing, code, facts, today)
        by_office = outcome in _BY_OFFICE or facts.resurvey_by is not None
        return Decision(
            programme=code,
            outcome=outcome,
            reasons=reasons,
            rule_version=self._programmes.version(code, today),
            score=_written(facts.score),
            decided_at=clock.now(),
            office=office() if by_office else None,
            resurvey_by=facts.resurvey_by,
            event=facts.event.code if facts.event else "",
        )

    def _judge(
        self, standing: Standing, code: str, facts: Facts, today: date
    ) -> tuple[tuple[Reason, ...], str]:
        rules = self._programmes[code].rules_on(today)
        if rules is None:
            reasons: tuple[Reason, ...] = (
                Reason("NOT_OPEN", passed=False, rule="rules in force", seen="none"),
            )
        else:
            reasons = judge(rules.all, facts, today)
        return reasons, outcome_of(reasons, enrolled=code in facts.enrolled | standing.listed)

    def _office_of(self, person: int) -> Callable[[], Office | None]:
        """Her office, looked up once and only if it is wanted."""
        return cache(partial(self._directory.office_of, person))

    def _office_for(self, result: Coarse, standing: Standing) -> Office | None:
        return self._directory.office_of(standing.person) if result in _COARSE_BY_OFFICE else None


_COARSE = {
    "enrolled": Coarse.NO_PAYMENT_YET,
    "may_apply": Coarse.MAY_APPLY,
    "not_eligible": Coarse.NOT_ELIGIBLE,
    "under_review": Coarse.UNDER_REVIEW,
    "survey_needed": Coarse.SURVEY_NEEDED,
    "deceased": Coarse.DECEASED,
}
# Of several programmes, the answer that lets her do most.
_BEST_FIRST = (
    Coarse.CNIC_ISSUE,
    Coarse.NO_PAYMENT_YET,
    Coarse.MAY_APPLY,
    Coarse.RESURVEY_NEEDED,
    Coarse.UNDER_REVIEW,
    Coarse.SURVEY_NEEDED,
    Coarse.NOT_ELIGIBLE,
)
_COARSE_BY_OFFICE = {Coarse.SURVEY_NEEDED, Coarse.RESURVEY_NEEDED, Coarse.MAY_APPLY}


def _event_for(facts: Facts, events: Sequence[EventTerms]) -> EventTerms | None:
    """The newest open event for where she lives, one that takes applications before one that does not; else the newest
    of all, so that the reason can say why not.
    """
    here = [event for event in events if event.covers(facts.province, facts.district)]
    return next((event for event in here if event.may_apply), next(iter(here or events), None))


def _written(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:.2f}"


def _last(connection: Connection, person_id: int, codes: Sequence[str]) -> dict[str, Any]:
    """Programme -> the decision stored last."""
    rows = connection.execute(_LAST, {"person": person_id, "programmes": codes})
    return {row.programme: row for row in rows}


def _same(row: Any, made: Decision) -> bool:
    """Whether the stored decision says the same, by the same rules, for the same reasons."""
    return row is not None and (
        row.outcome, row.rule_version, _written(row.score), row.resurvey_by, row.reasons
    ) == (made.outcome, made.rule_version, made.score, made.resurvey_by, [asdict(each) for each in made.reasons])  # fmt: skip


def _store(connection: Connection, person_id: int, made: Sequence[Decision]) -> None:
    connection.execute(_HOLD_PERSON, {"person": person_id})  # two askers at once store one decision
    last = _last(connection, person_id, [each.programme for each in made])
    rows = [
        {
            "person": person_id,
            "programme": each.programme,
            "outcome": each.outcome,
            "reasons": [asdict(reason) for reason in each.reasons],
            "rule_version": each.rule_version,
            "score": None if each.score is None else Decimal(each.score),
            "resurvey_by": each.resurvey_by,
            "at": each.decided_at,
        }
        for each in made
        if not _same(last.get(each.programme), each)
    ]
    if rows:
        connection.execute(_ADD, rows)
