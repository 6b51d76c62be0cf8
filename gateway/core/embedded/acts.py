"""Acts of staff that count once: each form carries a key, and the key is taken in the transaction of the act."""

from sqlalchemy import Connection

from gateway import clock
from gateway.core.embedded.tables import staff_act
from gateway.core.embedded.upsert import upsert


def first_time(connection: Connection, key: str, by: str) -> bool:
    """Take a key; False where it was taken before. Two at once: the second waits for the first, and finds it taken."""
    statement = upsert(connection.dialect.name, staff_act).on_conflict_do_nothing()
    row = {"key": key[:80], "by": by[:40], "at": clock.now()}
    return connection.execute(statement, row, execution_options={"preserve_rowcount": True}).rowcount == 1
