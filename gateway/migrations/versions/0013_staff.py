"""Staff: accounts, sittings, wrong tries, the audit, tokens of the API, reveals."""

import sqlalchemy as sa
from alembic import op

from gateway.db import Instant

revision = "0013_staff"
down_revision = "0012_courses"
branch_labels = None
depends_on = None

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_ROLES = "role IN ('agent', 'female_agent', 'supervisor', 'programme_officer', 'auditor', 'admin')"


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", _Id, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("display_name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("totp_sealed", sa.String(200)),
        sa.Column("totp_pending_sealed", sa.String(200)),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("oidc_subject", sa.String(64)),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("password_changed_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
        sa.UniqueConstraint("oidc_subject", name="uq_staff_oidc_subject"),
        sa.CheckConstraint(_ROLES, name="ck_staff_role"),
        sa.CheckConstraint("language IN ('en', 'ur')", name="ck_staff_language"),
    )
    op.create_table(
        "staff_sitting",
        sa.Column("id", _Id, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("staff", _Id, nullable=False),
        sa.Column("proven", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sitting"),
        sa.UniqueConstraint("token_hash", name="uq_staff_sitting_token_hash"),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name="fk_staff_sitting_staff_staff"),
    )
    op.create_index("ix_staff_sitting_staff", "staff_sitting", ["staff"])
    op.create_index("ix_staff_sitting_expires_at", "staff_sitting", ["expires_at"])
    op.create_table(
        "staff_try",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("fails", sa.Integer, nullable=False),
        sa.Column("failed_at", Instant, nullable=False),
        sa.Column("locked_until", Instant),
        sa.Column("known_at", Instant),
        sa.PrimaryKeyConstraint("key", name="pk_staff_try"),
    )
    _create_audit()
    op.create_table(
        "api_token",
        sa.Column("id", _Id, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
        sa.UniqueConstraint("name", name="uq_api_token_name"),
        sa.CheckConstraint(_ROLES, name="ck_api_token_role"),
    )
    op.create_table(
        "reveal",
        sa.Column("id", _Id, nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_by", _Id, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("decided_by", _Id),
        sa.Column("decided_at", Instant),
        sa.Column("until", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_reveal"),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name="fk_reveal_asked_by_staff"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_reveal_decided_by_staff"),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused')", name="ck_reveal_state"),
    )
    op.create_index("ix_reveal_asked", "reveal", ["asked_by", "subject", "field"])
    op.create_index("ix_reveal_state", "reveal", ["state", "asked_at"])


def downgrade() -> None:
    for table in ("reveal", "api_token", "audit", "staff_try", "staff_sitting", "staff"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _Id, autoincrement=False, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("previous", name="uq_audit_previous"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    for column in ("actor", "act", "subject"):
        op.create_index(f"ix_audit_{column}", "audit", [column, "id"])
    # Unlike a decision, which may be deleted when its time has come, an entry here stays for good.
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
