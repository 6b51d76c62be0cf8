"""Where her money is paid: a bank account, a mobile wallet, a bank's counter. Read here, never moved."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class AccountState(StrEnum):
    """How a bank reports an account. sim_mismatch: the wallet's SIM is registered to somebody else."""

    PENDING_BIOMETRIC = "pending_biometric"
    ACTIVE = "active"
    BLOCKED = "blocked"
    SIM_MISMATCH = "sim_mismatch"


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    kind        `bank_lma`, `wallet`, `branch_otc` (paid at a branch's counter)
    masked      what may be shown of its number, or empty
    """

    id: int
    kind: str
    provider: str
    masked: str
    state: AccountState


class Accounts(Protocol):
    def of(self, person: int) -> tuple[Account, ...]:
        """Hers, the newest first."""
        ...
