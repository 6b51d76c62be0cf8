from gateway.core.port import Account, AccountState

READY, WALLET, FLOOD, STRANGER = "+923001234501", "+923001234519", "+923001234514", "+923001234520"


def hers(core, phone):
    (she,) = core.registry.persons_on(phone)
    return core.accounts.of(she.id)


def test_an_account_is_told_by_kind_provider_and_mask(core):
    (account,) = hers(core, READY)
    assert account == Account(account.id, "bank_lma", "HBL", "****4501", AccountState.ACTIVE)


def test_a_wallet_is_masked_by_its_phone(core):
    (wallet,) = hers(core, WALLET)
    assert (wallet.kind, wallet.provider, wallet.masked, wallet.state) == (
        "wallet", "JazzCash", "+92*******519", AccountState.SIM_MISMATCH,
    )  # fmt: skip


def test_who_is_paid_at_the_counter_has_no_number(core):
    (counter,) = hers(core, FLOOD)
    assert (counter.kind, counter.masked) == ("branch_otc", "")


def test_who_has_no_account(core):
    assert core.accounts.of(999_999) == ()
