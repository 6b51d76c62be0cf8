"""Households, family units, persons, and what NSER and NADRA say about them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.core.embedded.tables.columns import Id, Key, Score, one_of, own_id, to_code, to_id
from gateway.db import metadata

SURVEY_STATUSES = (
    "surveyed",
    "not_surveyed",
    "pending",
)  # pending: surveyed, NADRA's check has not come back
CNIC_STATUSES = ("valid", "expired", "blocked", "unverified")
SEXES = ("F", "M", "X")
MARITAL_STATUSES = ("single", "married", "widowed", "divorced", "separated")
EVER_MARRIED = MARITAL_STATUSES[1:]
RELATIONS = ("head", "spouse", "child", "parent", "sibling", "grandchild", "child_in_law", "other")
FLAGS = (
    *("X_GOVT_EMP", "X_TRAVEL", "X_VEHICLE", "X_PHONE_BILL", "X_EXEC_PASSPORT", "X_EXEC_CNIC"),
    *("X_PENSIONER", "X_HIGH_INCOME", "X_AUTON_BODY", "X_LAND", "X_TAXPAYER"),
)

household = Table(
    "household",
    metadata,
    own_id(),
    Column("nser_key", Key, nullable=False, unique=True),  # Vault.ref_key of NSER's own reference
    to_code("tehsil", "tehsil", index=True),
    Column("address_sealed", Text),
    Column("size", Integer, nullable=False),
    Column("survey_status", String(16), nullable=False),
    Column("surveyed_on", Date),
    Column("next_survey_on", Date),  # before it a new survey is refused
    Column("resurvey_by", Date),  # the last day to be surveyed anew, when that is asked for
    one_of("survey_status", SURVEY_STATUSES),
)

# `holder` is the ever-married woman (or transgender person) whom the unit's money is paid to, `spouse` her husband.
# A man with two wives is the spouse of two units; each woman is the holder of one.
family_unit = Table(
    "family_unit",
    metadata,
    own_id(),
    to_id("household", "household"),
    Column("number", Integer, nullable=False),  # 1, 2, ... within the household
    Column("holder", Id, ForeignKey("person.id"), unique=True),
    Column("spouse", Id, ForeignKey("person.id"), index=True),
    UniqueConstraint("household", "number"),
)

person = Table(
    "person",
    metadata,
    own_id(),
    to_id("household", "household", index=True),
    Column(
        "family_unit", Id, index=True
    ),  # family_unit.id, kept by the import: a foreign key would close a circle
    Column("cnic_key", Key, unique=True),  # None for a child
    Column("cnic_sealed", Text),
    Column("cnic_last4", String(4)),
    Column(
        "cnic_status", String(12)
    ),  # what NADRA says; a card whose `cnic_expires_on` has passed is expired too
    Column("cnic_expires_on", Date),
    Column("bform_key", Key, unique=True),
    Column("bform_sealed", Text),
    Column("name_sealed", Text, nullable=False),
    Column("sex", String(1), nullable=False),
    Column("born_on", Date),
    Column("relation", String(16), nullable=False),  # to the head of the household
    Column("marital_status", String(12), nullable=False),
    Column("disability", Boolean, nullable=False),
    Column("alive", Boolean, nullable=False),
    one_of("cnic_status", CNIC_STATUSES),
    one_of("sex", SEXES),
    one_of("relation", RELATIONS),
    one_of("marital_status", MARITAL_STATUSES),
    CheckConstraint("cnic_key IS NOT NULL OR bform_key IS NOT NULL", name="numbered"),
)

pmt_score = Table(
    "pmt_score",
    metadata,
    own_id(),
    to_id("household", "household"),
    Column("score", Score, nullable=False),
    Column("model_version", String(40), nullable=False),
    Column("scored_on", Date, nullable=False),
    Column("source", String(40), nullable=False),
    UniqueConstraint(
        "household", "scored_on", "model_version"
    ),  # the newest day counts; also the way to find it
)

profile_flag = Table(
    "profile_flag",
    metadata,
    own_id(),
    to_id("person", "person"),
    Column("code", String(20), nullable=False),
    Column("source", String(40), nullable=False),
    Column("seen_on", Date, nullable=False),
    UniqueConstraint("person", "code", "source"),
    one_of("code", FLAGS),
)
