"""The cases page by page, on the gateway's own database."""

from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select

from gateway.core.embedded.cases import case_of
from gateway.core.embedded.categories import Categories
from gateway.core.embedded.reach import within_reach
from gateway.core.embedded.tables import case_, case_event
from gateway.core.port import CaseEntry, CaseStage, CaseState
from gateway.db import Database
from gateway.privacy import Vault

_PAGE = select(case_).where(case_.c.id > bindparam("after")).order_by(case_.c.id)
_ONE = select(case_).where(case_.c.reference == bindparam("reference"))
_STEPS = select(case_event).where(case_event.c.case == bindparam("which")).order_by(case_event.c.id)


@within_reach
class EmbeddedCaseList:
    """`port.CaseList`."""

    def __init__(self, database: Database, vault: Vault, categories: Categories) -> None:
        self._database = database
        self._vault = vault
        self._categories = categories

    def page(
        self,
        *,
        confidential: bool,
        limit: int,
        after: int = 0,
        state: CaseState | None = None,
        since: date | None = None,
    ) -> tuple[CaseEntry, ...]:
        asked = _PAGE.limit(limit)
        if not confidential:
            asked = asked.where(case_.c.confidential.is_(False))
        if state is not None:
            asked = asked.where(case_.c.state == str(state))
        if since is not None:
            asked = asked.where(case_.c.moved_on >= since)
        with self._database.reading() as connection:
            return tuple(self._entry(row) for row in connection.execute(asked, {"after": after}))

    def one(self, reference: str, *, confidential: bool) -> CaseEntry | None:
        with self._database.reading() as connection:
            row = connection.execute(_ONE, {"reference": reference}).first()
            if row is None or (row.confidential and not confidential):
                return None
            steps = connection.execute(_STEPS, {"which": row.id}).all()
        return self._entry(row, tuple(CaseStage(CaseState(step.state), step.by, step.at) for step in steps))

    def categories(self) -> tuple[str, ...]:
        return tuple(sorted(self._categories.categories))

    def is_confidential(self, category: str) -> bool:
        return self._categories[category].confidential

    def _entry(self, row: Row[Any], steps: tuple[CaseStage, ...] = ()) -> CaseEntry:
        phone = self._vault.open(row.phone_sealed)
        return CaseEntry(row.id, case_of(row), phone, row.channel, row.confidential, steps)
