"""Where people, offices and pay points are."""

from sqlalchemy import Column, Date, Integer, String, Table

from gateway.core.embedded.tables.columns import one_of, to_code
from gateway.db import metadata

PAY_POINT_KINDS = ("retailer", "atm", "branch", "camp")
PAY_POINT_STATUSES = ("open", "closed")

province = Table(
    "province",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
)

district = Table(
    "district",
    metadata,
    Column("code", String(40), primary_key=True),
    to_code("province", "province"),
    Column("name", String(80), nullable=False),
    Column(
        "cnic_prefix", String(5), index=True
    ),  # how the CNICs issued here begin; finds an office for the unsurveyed
)

tehsil = Table(
    "tehsil",
    metadata,
    Column("code", String(40), primary_key=True),
    to_code("district", "district", index=True),
    Column("name", String(80), nullable=False),
)

office = Table(
    "office",
    metadata,
    Column("code", String(40), primary_key=True),
    to_code("tehsil", "tehsil", index=True),
    Column("name", String(80), nullable=False),
    Column("address", String(160), nullable=False),
    Column("hours", String(40), nullable=False, server_default=""),
    Column("tokens_a_day", Integer),  # places for surveys; None: as config/survey.yaml says
)

pay_point = Table(
    "pay_point",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("provider", String(40), nullable=False),
    to_code("tehsil", "tehsil", index=True),
    Column("name", String(80), nullable=False),  # as callers hear it: `HBL Konnect, Mozang Bazar`
    Column("address", String(160), nullable=False, server_default=""),
    Column("agent_ref", String(40)),
    Column("open_from", Date),
    Column("open_to", Date),
    Column("status", String(10), nullable=False, server_default="open"),
    one_of("kind", PAY_POINT_KINDS),
    one_of("status", PAY_POINT_STATUSES),
)
