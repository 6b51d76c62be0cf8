"""What is counted again by the hour for the boards: messages, money, complaints."""

from collections.abc import Mapping
from datetime import datetime

from gateway.core.port import Totals
from gateway.db import Database
from gateway.journal.counting import Thing
from gateway.journal.rollups import Source, Sum
from gateway.messages import counts


def sources(database: Database, totals: Totals) -> tuple[Source, ...]:
    def messages(since: datetime, until: datetime) -> Mapping[Thing, Sum]:
        return {
            Thing("sms", lane, state): Sum(number, 0)
            for (lane, state), number in counts.made(database, since, until).items()
        }

    def money(since: datetime, until: datetime) -> Mapping[Thing, Sum]:
        return {
            Thing(each.state.lower(), each.district, each.sex): Sum(each.number, each.amount)
            for each in totals.money(since, until)
        }

    def complaints(since: datetime, until: datetime) -> Mapping[Thing, Sum]:
        return {
            Thing("complaint", each.pay_point, each.category): Sum(each.number, 0)
            for each in totals.complaints(since, until)
        }

    return (
        Source("messages", ("sms",), messages),
        Source("money", ("credited", "withdrawn"), money),
        Source("complaints", ("complaint",), complaints),
    )
