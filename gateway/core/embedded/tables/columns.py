"""Kinds of column that many tables share."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Column, Dialect, ForeignKey, Integer, String
from sqlalchemy.types import TypeDecorator

# Enough for a country: SQLite gives only an INTEGER primary key its numbers.
Id = BigInteger().with_variant(Integer, "sqlite")
Key = String(32)


class Score(TypeDecorator[Decimal]):
    """A PMT score of 0.00 to 100.00, kept as whole hundredths: SQLite has no exact decimals."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value).scaleb(-2)


def own_id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def to_id(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[int]:
    """A column that points at another table's number."""
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null, index=index)


def to_code(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[str]:
    """A column that points at another table's code."""
    return Column(name, String(40), ForeignKey(f"{target}.code"), nullable=null, index=index)


def one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(each) for each in allowed)})", name=column)
