from dataclasses import dataclass

import pytest

from gateway.core.port import Account, AccountState
from tests.actions.small_core import ask, small_core

KINDS = {"wallet": "wallet", "bank_lma": "bank", "branch_otc": "counter"}


@dataclass
class SmallAccounts:
    hers: tuple[Account, ...] = ()

    def of(self, person):
        assert person == 7
        return self.hers


def having(*accounts):
    return small_core(accounts=SmallAccounts(accounts))


def account(kind="bank_lma", state=AccountState.ACTIVE, number=3):
    return Account(number, kind, "HBL", "****4501", state)


@pytest.mark.parametrize(("kind", "name"), KINDS.items())
def test_an_account_that_works_is_told_by_how_it_is_used(run, kind, name):
    outcome = run("my_accounts", having(account(kind)), ask())
    assert (outcome.name, outcome.keep) == (name, {"subject": "account:3"})
    assert outcome.values == {"account": kind, "provider": "HBL", "masked": "****4501"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("state", "name"),
    [
        (AccountState.PENDING_BIOMETRIC, "pending"),
        (AccountState.BLOCKED, "blocked"),
        (AccountState.SIM_MISMATCH, "mismatch"),
    ],
)
def test_one_that_does_not_is_told_by_its_state(run, kind, state, name):
    assert run("my_accounts", having(account(kind, state)), ask()).name == name


def test_several_are_listed_and_the_one_picked_is_told(run):
    core = having(account(number=3), account("wallet", AccountState.SIM_MISMATCH, 4))
    listed = run("my_accounts", core, ask())
    assert (listed.name, [row["id"] for row in listed.values["accounts"]]) == ("several", ["3", "4"])
    picked = run("picked_account", core, ask(picked="4"))
    assert (picked.name, picked.keep) == ("mismatch", {"subject": "account:4"})
    assert run("picked_account", core, ask(picked="5")).name == "none"


def test_who_has_none(run):
    assert run("my_accounts", having(), ask(kept={"subject": "instalment:1"})).keep == {"subject": ""}
