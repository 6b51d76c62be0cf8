"""Where her money is paid: account or wallet, its state in plain words. Nothing here moves money."""

from collections.abc import Mapping
from typing import Any

from gateway.actions.cases import SUBJECT
from gateway.actions.kinds import ACCOUNT, ACCOUNT_KIND
from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import Kind, text
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import Account, AccountState

_ACCOUNT: Mapping[str, Kind] = {"account": ACCOUNT_KIND, "provider": text(16), "masked": ACCOUNT}

# An account that works is told by its kind, since each is used in another way.
_WORKING = {"wallet": "wallet", "bank_lma": "bank", "branch_otc": "counter"}
_OTHERWISE = {
    AccountState.PENDING_BIOMETRIC: "pending",
    AccountState.BLOCKED: "blocked",
    AccountState.SIM_MISMATCH: "mismatch",
}
_TOLD = (*_WORKING.values(), *_OTHERWISE.values())


@verb("my_accounts", (*_TOLD, "several", "none"), values=_ACCOUNT, lists={"accounts": _ACCOUNT})
def my_accounts(ask: Ask, means: Means) -> Outcome:
    """Her account, or the list of them where she has more than one."""
    hers = means.core.accounts.of(person_of(ask))
    if len(hers) > 1:
        rows = tuple({"id": str(each.id), **_values_of(each)} for each in hers)
        return Outcome("several", {"accounts": rows})
    return _tell(hers[0]) if hers else Outcome("none", keep={SUBJECT: ""})


@verb("picked_account", (*_TOLD, "none"), values=_ACCOUNT)
def picked_account(ask: Ask, means: Means) -> Outcome:
    """The account picked from the list of hers."""
    hers = means.core.accounts.of(person_of(ask))
    picked = next((each for each in hers if str(each.id) == ask.picked), None)
    return _tell(picked) if picked else Outcome("none", keep={SUBJECT: ""})


def _tell(account: Account) -> Outcome:
    working = account.state is AccountState.ACTIVE
    name = _WORKING[account.kind] if working else _OTHERWISE[account.state]
    return Outcome(name, _values_of(account), keep={SUBJECT: f"account:{account.id}"})


def _values_of(account: Account) -> dict[str, Any]:
    return {"account": account.kind, "provider": account.provider, "masked": account.masked}
