"""`config/programmes.yaml` as rows: what decisions and instalments refer to, and what reports in SQL can join."""

from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from gateway.core.embedded.programmes import Programme, Programmes
from gateway.core.embedded.tables import benefit_rate, programme, rule_set
from gateway.core.embedded.upsert import upsert

_RATE = ("level", "sex", "province", "valid_from", "amount")


def store(connection: Connection, programmes: Programmes) -> None:
    """Bring the tables to what the file says. Rule sets that decisions were made by stay, whatever the file says now."""
    for code, entry in programmes.entries.items():
        _put(connection, programme, {"code": code}, {"name": entry.name, "period": entry.period})
        for rules in entry.rules:
            _put(
                connection,
                rule_set,
                {"programme": code, "version": programmes.version(code, rules.opens)},
                {
                    "valid_from": rules.opens,
                    "valid_to": rules.closes,
                    "rules": [rule.model_dump(mode="json", by_alias=True) for rule in rules.all],
                },
            )
        _put_rates(connection, code, entry)


def _put_rates(connection: Connection, code: str, entry: Programme) -> None:
    """The rates as they stand in the file; one that was taken out of it goes."""
    mine = benefit_rate.c.programme == code
    columns = [benefit_rate.c[name] for name in _RATE]
    wanted = {(rate.level, rate.sex, rate.province, rate.opens, rate.amount) for rate in entry.rates}
    if set(connection.execute(select(*columns).where(mine))) == wanted:
        return
    connection.execute(delete(benefit_rate).where(mine))
    for row in sorted(wanted):
        connection.execute(insert(benefit_rate).values(programme=code, **dict(zip(_RATE, row, strict=True))))


def _put(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    new = upsert(connection.dialect.name, table).values(key | values)
    connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=values))
