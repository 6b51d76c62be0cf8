"""Places, registry, phones and PINs, programmes, money."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant
from gateway.migrations.append_only import forbid_updates

revision = "0001_core"
down_revision = None
branch_labels = None
depends_on = None

# The tables as they were at this revision: what the code's own tables become later is no matter here.
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_tables = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_APPEND_ONLY = ("decision", "instalment_event")

sa.Table(
    "lookup",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("phone_key", sa.String(32), nullable=False),
    sa.Column("cnic_key", sa.String(32), nullable=False),
    sa.Column("limited", sa.String(8), nullable=False, server_default=""),
    sa.Column("notice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("key", "phone_key", "cnic_key"),
    sa.Index(None, "phone_key", "at"),
)
sa.Table(
    "phone",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("phone_key", sa.String(32), nullable=False, unique=True),
    sa.Column("phone_sealed", sa.Text, nullable=False),
    sa.Column("language", sa.String(12)),
    sa.Column("chosen_in", sa.String(120)),
    sa.Column("language_before", sa.String(12)),
    sa.Column("opted_out", sa.Boolean, nullable=False, server_default=sa.false()),
)
sa.Table(
    "programme",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.CheckConstraint("period IN ('quarter', 'event')", name="period"),
)
sa.Table(
    "province",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
)
sa.Table(
    "benefit_rate",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("programme", sa.String(40), sa.ForeignKey("programme.code"), nullable=False),
    sa.Column("level", sa.String(20), nullable=False, server_default=""),
    sa.Column("sex", sa.String(1), nullable=False, server_default=""),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.UniqueConstraint("programme", "level", "sex", "valid_from"),
    sa.CheckConstraint("amount >= 0", name="amount"),
)
sa.Table(
    "district",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("province", sa.String(40), sa.ForeignKey("province.code"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("cnic_prefix", sa.String(5), index=True),
)
sa.Table(
    "event",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("programme", sa.String(40), sa.ForeignKey("programme.code"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("level", sa.String(20), nullable=False, server_default=""),
    sa.Column("provinces", sa.JSON, nullable=False),
    sa.Column("districts", sa.JSON, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("open_from", sa.Date, nullable=False),
    sa.Column("open_to", sa.Date, nullable=False),
    sa.Column("pmt_max", sa.Integer),
    sa.Column("may_apply", sa.Boolean, nullable=False),
    sa.Column("source", sa.String(80), nullable=False, server_default=""),
    sa.CheckConstraint("open_from <= open_to", name="window"),
)
sa.Table(
    "rule_set",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("programme", sa.String(40), sa.ForeignKey("programme.code"), nullable=False),
    sa.Column("version", sa.String(40), nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.UniqueConstraint("programme", "version"),
)
sa.Table(
    "tehsil",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("district", sa.String(40), sa.ForeignKey("district.code"), nullable=False, index=True),
    sa.Column("name", sa.String(80), nullable=False),
)
sa.Table(
    "household",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("nser_key", sa.String(32), nullable=False, unique=True),
    sa.Column("tehsil", sa.String(40), sa.ForeignKey("tehsil.code"), nullable=False, index=True),
    sa.Column("address_sealed", sa.Text),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("survey_status", sa.String(16), nullable=False),
    sa.Column("surveyed_on", sa.Date),
    sa.Column("next_survey_on", sa.Date),
    sa.Column("resurvey_by", sa.Date),
    sa.CheckConstraint("survey_status IN ('surveyed', 'not_surveyed', 'pending')", name="survey_status"),
)
sa.Table(
    "office",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("tehsil", sa.String(40), sa.ForeignKey("tehsil.code"), nullable=False, index=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("address", sa.String(160), nullable=False),
    sa.Column("hours", sa.String(40), nullable=False, server_default=""),
)
sa.Table(
    "pay_point",
    _tables,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("provider", sa.String(40), nullable=False),
    sa.Column("tehsil", sa.String(40), sa.ForeignKey("tehsil.code"), nullable=False, index=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("address", sa.String(160), nullable=False, server_default=""),
    sa.Column("agent_ref", sa.String(40)),
    sa.Column("open_from", sa.Date),
    sa.Column("open_to", sa.Date),
    sa.Column("status", sa.String(10), nullable=False, server_default="open"),
    sa.CheckConstraint("status IN ('open', 'closed')", name="status"),
    sa.CheckConstraint("kind IN ('retailer', 'atm', 'branch', 'camp')", name="kind"),
)
sa.Table(
    "person",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("household", _ID, sa.ForeignKey("household.id"), nullable=False, index=True),
    sa.Column("family_unit", _ID, index=True),
    sa.Column("cnic_key", sa.String(32), unique=True),
    sa.Column("cnic_sealed", sa.Text),
    sa.Column("cnic_last4", sa.String(4)),
    sa.Column("cnic_status", sa.String(12)),
    sa.Column("cnic_expires_on", sa.Date),
    sa.Column("bform_key", sa.String(32), unique=True),
    sa.Column("bform_sealed", sa.Text),
    sa.Column("name_sealed", sa.Text, nullable=False),
    sa.Column("sex", sa.String(1), nullable=False),
    sa.Column("born_on", sa.Date),
    sa.Column("relation", sa.String(16), nullable=False),
    sa.Column("marital_status", sa.String(12), nullable=False),
    sa.Column("disability", sa.Boolean, nullable=False),
    sa.Column("alive", sa.Boolean, nullable=False),
    sa.CheckConstraint("cnic_status IN ('valid', 'expired', 'blocked', 'unverified')", name="cnic_status"),
    sa.CheckConstraint("sex IN ('F', 'M', 'X')", name="sex"),
    sa.CheckConstraint(
        "relation IN ('head', 'spouse', 'child', 'parent', 'sibling', 'grandchild', 'child_in_law', 'other')",
        name="relation",
    ),
    sa.CheckConstraint(
        "marital_status IN ('single', 'married', 'widowed', 'divorced', 'separated')", name="marital_status"
    ),
    sa.CheckConstraint("cnic_key IS NOT NULL OR bform_key IS NOT NULL", name="numbered"),
)
sa.Table(
    "pmt_score",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("household", _ID, sa.ForeignKey("household.id"), nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("model_version", sa.String(40), nullable=False),
    sa.Column("scored_on", sa.Date, nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.UniqueConstraint("household", "scored_on", "model_version"),
)
sa.Table(
    "account",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("provider", sa.String(40), nullable=False),
    sa.Column("msisdn_key", sa.String(32)),
    sa.Column("masked", sa.String(24), nullable=False, server_default=""),
    sa.Column("status", sa.String(20), nullable=False),
    sa.UniqueConstraint("person", "kind", "provider"),
    sa.CheckConstraint("status IN ('pending_biometric', 'active', 'blocked', 'sim_mismatch')", name="status"),
    sa.CheckConstraint("kind IN ('bank_lma', 'wallet', 'branch_otc')", name="kind"),
)
sa.Table(
    "decision",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("programme", sa.String(40), sa.ForeignKey("programme.code"), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("rule_version", sa.String(40), nullable=False),
    sa.Column("score", sa.Integer),
    sa.Column("resurvey_by", sa.Date),
    sa.Column("at", Instant, nullable=False),
    sa.Index(None, "person", "programme", "id"),
)
sa.Table(
    "enrolment",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("programme", sa.String(40), sa.ForeignKey("programme.code"), nullable=False),
    sa.Column("level", sa.String(20), nullable=False, server_default=""),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("enrolled_on", sa.Date, nullable=False),
    sa.Column("ended_on", sa.Date),
    sa.UniqueConstraint("person", "programme", "level"),
    sa.CheckConstraint("status IN ('active', 'suspended', 'graduated', 'exited', 'deceased')", name="status"),
)
sa.Table(
    "event_listing",
    _tables,
    sa.Column("event", sa.String(40), sa.ForeignKey("event.code"), primary_key=True),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), primary_key=True, autoincrement=False, index=True),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("listed_on", sa.Date, nullable=False),
)
sa.Table(
    "family_unit",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("household", _ID, sa.ForeignKey("household.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("holder", _ID, sa.ForeignKey("person.id"), unique=True),
    sa.Column("spouse", _ID, sa.ForeignKey("person.id"), index=True),
    sa.UniqueConstraint("household", "number"),
)
sa.Table(
    "phone_link",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("phone", _ID, sa.ForeignKey("phone.id"), nullable=False),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("verified_how", sa.String(10)),
    sa.Column("linked_on", sa.Date, nullable=False),
    sa.Column("details_by_sms", sa.Boolean, nullable=False),
    sa.UniqueConstraint("phone", "person"),
    sa.CheckConstraint("status IN ('claimed', 'verified', 'revoked')", name="status"),
    sa.CheckConstraint("verified_how IN ('sim_match', 'helpline', 'office')", name="verified_how"),
)
sa.Table(
    "profile_flag",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("code", sa.String(20), nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("seen_on", sa.Date, nullable=False),
    sa.UniqueConstraint("person", "code", "source"),
    sa.CheckConstraint(
        "code IN ('X_GOVT_EMP', 'X_TRAVEL', 'X_VEHICLE', 'X_PHONE_BILL', 'X_EXEC_PASSPORT', 'X_EXEC_CNIC', 'X_PENSIONER', 'X_HIGH_INCOME', 'X_AUTON_BODY', 'X_LAND', 'X_TAXPAYER')",
        name="code",
    ),
)
sa.Table(
    "instalment",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("person", _ID, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("programme", sa.String(40), sa.ForeignKey("programme.code"), nullable=False),
    sa.Column("period", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False, server_default="regular"),
    sa.Column("enrolment", _ID, sa.ForeignKey("enrolment.id"), index=True),
    sa.Column("event", sa.String(40), sa.ForeignKey("event.code"), index=True),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("pay_point", sa.String(40), sa.ForeignKey("pay_point.code")),
    sa.Column("place_on", sa.Date),
    sa.Column("collect_by", sa.Date),
    sa.Column("moved_on", sa.Date, nullable=False),
    sa.UniqueConstraint("person", "programme", "period", "kind"),
    sa.CheckConstraint("amount >= 0", name="amount"),
)
sa.Table(
    "pin",
    _tables,
    sa.Column("phone_link", _ID, sa.ForeignKey("phone_link.id"), primary_key=True, autoincrement=False),
    sa.Column("hash", sa.String(120), nullable=False),
    sa.Column("fails", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until_at", Instant),
    sa.Column("chosen_at", Instant, nullable=False),
    sa.Column("sealed_under", sa.String(32), nullable=False),
    sa.Column("chosen_in", sa.String(120)),
)
sa.Table(
    "pin_attempt",
    _tables,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column(
        "phone_link", _ID, sa.ForeignKey("phone_link.id"), primary_key=True, autoincrement=False, index=True
    ),
    sa.Column("mark", sa.String(32), primary_key=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("tries_left", sa.Integer, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False, index=True),
)
sa.Table(
    "instalment_event",
    _tables,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("instalment", _ID, sa.ForeignKey("instalment.id"), nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(32)),
    sa.Column("pay_point", sa.String(40), sa.ForeignKey("pay_point.code")),
    sa.Column("place_on", sa.Date),
    sa.Column("collect_by", sa.Date),
    sa.Column("moved_on", sa.Date, nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)


def upgrade() -> None:
    _tables.create_all(op.get_bind(), checkfirst=False)
    for table in _APPEND_ONLY:
        forbid_updates(table)


def downgrade() -> None:
    _tables.drop_all(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_update()")
