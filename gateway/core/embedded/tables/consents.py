"""What a person allowed or refused on a phone: every answer she gave, never changed."""

from sqlalchemy import Boolean, Column, String, Table, false

from gateway.core.embedded.tables.columns import one_of, own_id, to_id
from gateway.core.embedded.tables.requests import CHANNELS
from gateway.core.port import DETAILS_BY_SMS
from gateway.db import Instant, metadata

PURPOSES = (DETAILS_BY_SMS,)
IMPORTED = "import"

# Append-only: the newest row of a link holds, and `phone_link.details_by_sms` says the same.
consent = Table(
    "consent",
    metadata,
    own_id(),
    to_id("phone_link", "phone_link", index=True),
    Column("purpose", String(20), nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("channel", String(8), nullable=False),
    Column("session", String(120), nullable=False, server_default=""),
    Column("at_gate", Boolean, nullable=False, server_default=false()),  # answered where it is asked unbidden
    Column("wording", String(40), nullable=False, server_default=""),  # language and version of what she read
    Column("asked_key", String(200), unique=True),  # of the step that answered; None for a file
    Column("at", Instant, nullable=False),
    one_of("purpose", PURPOSES),
    one_of("channel", (*CHANNELS, IMPORTED)),
)
