"""Her money: what waits for her, what came before, and her standing in emergency events."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from gateway import clock
from gateway.core.embedded import moves
from gateway.core.embedded.facts import standing_of_person, terms_of
from gateway.core.embedded.instalments import BRANCH, COMING, GONE, HELD, READY, standing_of
from gateway.core.embedded.names import called
from gateway.core.embedded.programmes import Programmes
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.rules import EventTerms, Facts, judge
from gateway.core.embedded.tables import event, event_listing, instalment, pay_point, person
from gateway.core.port import EventStanding, Instalment, State, Unpaid
from gateway.db import Database
from gateway.privacy import Vault

_HERS = (
    select(instalment, pay_point.c.name.label("place"), event.c.open_from, person.c.name_sealed)
    .select_from(
        instalment.outerjoin(pay_point, pay_point.c.code == instalment.c.pay_point)
        .outerjoin(event, event.c.code == instalment.c.event)
        .outerjoin(person, person.c.id == instalment.c.child)
    )
    .where(instalment.c.person == bindparam("her"))
)
_EVENTS = (
    select(event, event_listing.c.person.label("listed"))
    .select_from(
        event.outerjoin(
            event_listing,
            (event_listing.c.event == event.c.code) & (event_listing.c.person == bindparam("her")),
        )
    )
    .where(
        ((event.c.open_from <= bindparam("today")) & (event.c.open_to >= bindparam("today")))
        | event.c.code.in_(
            select(instalment.c.event).where(
                instalment.c.person == bindparam("her"), instalment.c.event.is_not(None)
            )
        )
    )
    .order_by(event.c.open_from.desc(), event.c.code)
)


@within_reach
class EmbeddedPayments:
    """`port.Payments` on the gateway's own database."""

    def __init__(self, database: Database, vault: Vault, programmes: Programmes) -> None:
        self._database = database
        self._vault = vault
        self._programmes = programmes
        self._order = {code: place for place, code in enumerate(programmes.entries)}

    def latest(self, person: int, programme: str) -> Instalment | None:
        return next((each for each in self.hers(person) if each.programme == programme), None)

    def ready(self, person: int) -> tuple[Instalment, ...]:
        return tuple(each for each in self.hers(person) if each.standing in {READY, BRANCH})

    def history(self, person: int, limit: int = 12) -> tuple[Instalment, ...]:
        return self.hers(person)[:limit]

    def hers(self, person: int) -> tuple[Instalment, ...]:
        """All her instalments, newest period first: an event stands where its first day lies.

        Within a period the programmes stand in the order of config/programmes.yaml, so that her own money comes before
        what is paid for her children.
        """
        today = clock.today()
        with self._database.reading() as connection:
            rows = connection.execute(_HERS, {"her": person}).all()
        rows = sorted(rows, key=lambda row: (self._order.get(row.programme, len(self._order)), row.id))
        rows.sort(key=lambda row: row.open_from or clock.quarter_bounds(row.period)[0], reverse=True)
        return tuple(self._instalment(row, today) for row in rows)

    def events(self, person: int) -> tuple[EventStanding, ...]:
        today = clock.today()
        with self._database.reading() as connection:
            rows = connection.execute(_EVENTS, {"her": person, "today": today}).all()
            standing = standing_of_person(connection, person, today) if rows else None
        if standing is None:
            return ()
        money = {each.period: each for each in self.hers(person)}
        answers = (self._stands(row, standing.facts, money.get(row.code), today) for row in rows)
        return tuple(answer for answer in answers if answer is not None)

    def notified(self, instalments: Sequence[int]) -> None:
        if not instalments:
            return
        with self._database.writing() as connection:
            moves.notify(connection, sorted(set(instalments)), clock.today(), clock.now())

    def _stands(
        self, row: Row[Any], facts: Facts, money: Instalment | None, today: date
    ) -> EventStanding | None:
        terms = terms_of(row)
        until = money.until if money and money.until else terms.closes
        is_open = terms.open_on(today)
        if not is_open and money is not None and money.standing not in {READY, BRANCH, HELD, COMING, GONE}:
            return None
        reason = None
        if not is_open and (money is None or money.standing == GONE):
            standing = "closed"
        elif money is not None or row.listed is not None:
            standing = "listed"
        else:
            reason = self._bar(terms, facts, today)
            standing = "may_apply" if reason is None else "not_listed"
        return EventStanding(
            terms.code, terms.name, standing, until, money, reason, terms.programme, terms.amount
        )

    def _bar(self, terms: EventTerms, facts: Facts, today: date) -> str | None:
        """Code of the first rule that keeps her from an event, or None. Another region comes before every other."""
        rules = self._programmes[terms.programme].rules_on(today)
        if rules is None:
            return "NOT_OPEN"
        reasons = judge(rules.all, replace(facts, event=terms), today)
        failed = [reason.code for reason in reasons if not reason.passed]
        return "REGION_OUTSIDE" if "REGION_OUTSIDE" in failed else next(iter(failed), None)

    def _instalment(self, row: Row[Any], today: date) -> Instalment:
        state = State(row.state)
        return Instalment(
            id=row.id,
            programme=row.programme,
            period=row.period,
            amount=row.amount,
            state=state,
            standing=standing_of(state, row.collect_by, today),
            unpaid=Unpaid(row.reason) if row.reason else None,
            place=row.place or "",
            place_on=row.place_on,
            until=row.collect_by,
            moved_on=row.moved_on,
            kind=row.kind,
            child=row.child,
            child_name=called(self._vault.open(row.name_sealed)) if row.name_sealed else "",
        )
