"""What came over the API about payments: events taken, and signatures that are used up."""

from sqlalchemy import Column, String, Table

from gateway.core.embedded.tables.columns import Key, one_of
from gateway.db import Instant, metadata

OUTCOMES = ("moved", "unchanged")

payment_event = Table(
    "payment_event",
    metadata,
    Column("id", String(64), primary_key=True),  # the sender's
    Column("content_key", Key, nullable=False),  # keyed hash: the content names a person
    Column("outcome", String(10), nullable=False),
    Column("received_at", Instant, nullable=False),
    one_of("outcome", OUTCOMES),
)

used_signature = Table(
    "used_signature",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("until", Instant, nullable=False, index=True),
)
