"""Children whom a payments file names: whose they are, at which level each is paid for, what bonus each has had."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, or_, select

from gateway.core.embedded.conditions import LevelAge
from gateway.core.embedded.moves import split
from gateway.core.embedded.programmes import Programme
from gateway.core.embedded.tables import family_unit, instalment, person, student
from gateway.privacy import Vault

_AT_ONCE = 4000
_keys: BindParameter[str] = bindparam("keys", expanding=True)
_CHILDREN = (
    select(
        person.c.bform_key,
        person.c.cnic_key,
        person.c.id,
        person.c.sex,
        family_unit.c.holder,
        student.c.level,
    )
    .select_from(
        person.outerjoin(family_unit, family_unit.c.id == person.c.family_unit).outerjoin(
            student, student.c.child == person.c.id
        )
    )
    .where(or_(person.c.bform_key.in_(_keys), person.c.cnic_key.in_(_keys)))
)
_BONUSES = select(instalment.c.child, instalment.c.programme, instalment.c.period).where(
    instalment.c.kind == "bonus", instalment.c.child.in_(bindparam("children", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Payee:
    """A child. holder: the woman of the child's family unit; level: of school, or empty where the child is no student."""

    id: int
    sex: str
    holder: int | None
    level: str


def levels_of(programme: Programme) -> frozenset[str]:
    """Levels of children whom a programme ever paid for."""
    every = (each for conditions in programme.conditions for each in conditions.all)
    return frozenset(each.level for each in every if isinstance(each, LevelAge))


def children_of(connection: Connection, vault: Vault, numbers: Iterable[str]) -> dict[str, Payee]:
    """B-form or CNIC -> child, of those who are known."""
    under = {key: number for number in dict.fromkeys(numbers) for key in vault.cnic_keys(number)}
    found: dict[str, Payee] = {}
    for some in split(list(under), _AT_ONCE):
        for row in connection.execute(_CHILDREN, {"keys": some}):
            for key in (row.bform_key, row.cnic_key):
                if key in under:
                    found[under[key]] = Payee(row.id, row.sex, row.holder, row.level or "")
    return found


def bonuses_of(connection: Connection, children: Iterable[int]) -> dict[tuple[int, str], str]:
    """(child, programme) -> the period of the bonus that was paid for it."""
    found: dict[tuple[int, str], str] = {}
    for some in split(list(children), _AT_ONCE):
        for child, programme, period in connection.execute(_BONUSES, {"children": some}):
            found[child, programme] = period
    return found
