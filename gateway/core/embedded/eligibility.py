"""Who may have what: the open answer to a CNIC, the decision on a person, its explanation for staff."""

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

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

_LAST = (
    select(decision)
    .where(decision.c.person == bindparam("person"), decision.c.programme == bindparam("programme"))
    .order_by(decision.c.id.desc())
    .limit(1)
)
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
            result, self._office_for(result, standing), emergency=standing.listed and standing.facts.alive
        )

    def decide(self, person: int, programme: str) -> Decision:
        today = clock.today()
        by_event = self._programmes[programme].period == "event"
        with self._database.reading() as connection:
            standing = standing_of_person(connection, person, today)
            events = open_events(connection, today) if by_event else ()
            last = _last(connection, person, programme)
        if standing is None:
            raise LookupError("no such person")
        made = self._decide(standing, programme, events, today)
        if _same(last, made):
            return replace(made, decided_at=last.at)
        with self._database.writing() as connection:
            _store(connection, person, made)
        return made

    def explain(self, cnic: str) -> tuple[Decision, ...]:
        today = clock.today()
        with self._database.reading() as connection:
            standing = standing_by_cnic(connection, self._vault.cnic_keys(cnic), today)
            events = open_events(connection, today)
        if standing is None:
            return ()
        return tuple(self._decide(standing, code, events, today) for code in self._programmes.entries)

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

    def _decide(self, standing: Standing, code: str, events: tuple[EventTerms, ...], today: date) -> Decision:
        facts = standing.facts
        if self._programmes[code].period == "event":
            facts = replace(facts, event=_event_for(facts, events))
        reasons, outcome = self._judge(standing, code, facts, today)
        by_office = outcome in _BY_OFFICE or facts.resurvey_by is not None
        return Decision(
            programme=code,
            outcome=outcome,
            reasons=reasons,
            rule_version=self._programmes.version(code, today),
            score=_written(facts.score),
            decided_at=clock.now(),
            office=self._directory.office_of(standing.person) if by_office else None,
            resurvey_by=facts.resurvey_by,
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
        listed = standing.listed and self._programmes[code].period == "event"
        return reasons, outcome_of(reasons, enrolled=listed or code in standing.enrolled)

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


def _event_for(facts: Facts, events: tuple[EventTerms, ...]) -> EventTerms | None:
    """The newest open event for where she lives, else the newest of all, so that the reason can say why not."""
    here = (event for event in events if event.covers(facts.province, facts.district))
    return next(here, events[0] if events else None)


def _written(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:.2f}"


def _last(connection: Connection, person_id: int, programme: str) -> Any:
    return connection.execute(_LAST, {"person": person_id, "programme": programme}).first()


def _same(row: Any, made: Decision) -> bool:
    """Whether the stored decision says the same, by the same rules, for the same reasons."""
    return row is not None and (
        row.outcome, row.rule_version, _written(row.score), row.resurvey_by, row.reasons
    ) == (made.outcome, made.rule_version, made.score, made.resurvey_by, [asdict(each) for each in made.reasons])  # fmt: skip


def _store(connection: Connection, person_id: int, made: Decision) -> None:
    connection.execute(_HOLD_PERSON, {"person": person_id})  # two askers at once store one decision
    if _same(_last(connection, person_id, made.programme), made):
        return
    connection.execute(
        _ADD,
        {
            "person": person_id,
            "programme": made.programme,
            "outcome": made.outcome,
            "reasons": [asdict(each) for each in made.reasons],
            "rule_version": made.rule_version,
            "score": None if made.score is None else Decimal(made.score),
            "resurvey_by": made.resurvey_by,
            "at": made.decided_at,
        },
    )
