"""Rates by province, and programmes whose rates are for a year or for once."""

import sqlalchemy as sa
from alembic import op

revision = "0005_rates"
down_revision = "0004_requests"
branch_labels = None
depends_on = None

_KEY = ("programme", "level", "sex", "valid_from")
_WIDER = ("programme", "level", "sex", "province", "valid_from")


def upgrade() -> None:
    _rekey(_KEY, _WIDER, sa.Column("province", sa.String(40), nullable=False, server_default=""))
    _allow_periods("'quarter', 'event', 'year', 'once'")


def downgrade() -> None:
    op.execute("DELETE FROM benefit_rate WHERE province <> ''")
    _rekey(_WIDER, _KEY)
    op.execute("UPDATE programme SET period = 'quarter' WHERE period IN ('year', 'once')")
    _allow_periods("'quarter', 'event'")


def _rekey(before: tuple[str, ...], after: tuple[str, ...], added: "sa.Column[str] | None" = None) -> None:
    with op.batch_alter_table("benefit_rate") as table:
        table.drop_constraint(f"uq_benefit_rate_{'_'.join(before)}", type_="unique")
        if added is None:
            table.drop_column("province")
        else:
            table.add_column(added)
        table.create_unique_constraint(f"uq_benefit_rate_{'_'.join(after)}", list(after))


def _allow_periods(periods: str) -> None:
    check = f"period IN ({periods})"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("ck_programme_period", "programme", type_="check")
        op.create_check_constraint("ck_programme_period", "programme", check)
        return
    # SQLite changes no constraint, so the table is made anew. Rows of a dozen tables refer to it: what they refer to may
    # be missing until the end of the transaction.
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE programme_before AS SELECT code, name, period FROM programme")
    op.drop_table("programme")
    op.create_table(
        "programme",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_programme"),
        sa.CheckConstraint(check, name="ck_programme_period"),
    )
    op.execute("INSERT INTO programme (code, name, period) SELECT code, name, period FROM programme_before")
    op.drop_table("programme_before")
