import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.conversation.checks import CHECKS, keys_to_keep


@pytest.mark.parametrize(
    ("check", "typed", "normal"),
    [
        ("cnic", "35202-1234501-2", "3520212345012"),
        ("cnic", "۳۵۲۰۲ ۱۲۳۴۵۰۱ ۲", "3520212345012"),
        ("cnic", "352021234501", None),
        ("pin", "4821", "4821"),
        ("pin", "۴۸۲۱", "4821"),
        ("pin", "48215", None),
        ("new_pin", "48 1", None),
        ("amount", "Rs 12,000/-", "12000"),
        ("amount", "12000", "12000"),
        ("amount", "99999999", None),
        ("amount", "-5", None),
        ("count", "03", "3"),
        ("count", "1000", None),
        ("count", "", None),
        ("text", "  he   took\tRs 500 ", "he took Rs 500"),
        ("text", "12", None),
        ("text", "x" * 161, None),
        ("district", "Dera Ghazi Khan", "Dera Ghazi Khan"),
        ("district", "لاہور", "لاہور"),
        ("district", "Lahore 2", None),
        ("reference", "10000001", "10000001"),
        ("reference", " 1000 0001", "10000001"),
        ("reference", "۱۰۲۳۴۵۶۷", "10234567"),
        ("reference", "1000001", None),
        ("reference", "100000012", None),
        ("reference", "1000000a", None),
    ],
)
def test_normal_forms(check, typed, normal):
    assert CHECKS[check](typed) == normal


@given(st.text())
def test_anything_may_be_typed(typed):
    for name, check in CHECKS.items():
        normal = check(typed)
        assert normal is None or check(normal) == normal, name


@pytest.mark.parametrize(
    ("typed", "check", "secret", "kept"),
    [
        ("4821", "pin", True, "*"),
        ("35202-1234501-2", "cnic", False, "*5012"),
        ("352021234501", "cnic", False, "*"),
        ("2", None, False, "2"),
        ("3520212345012", None, False, "*"),
        ("4821", None, False, "*"),
        ("4821", "count", False, "*"),
        ("12000", "amount", False, "12000"),
        ("my card is 35202 1234501 2 yes", "text", False, "my card is * yes"),
    ],
)
def test_what_the_journal_may_hold(typed, check, secret, kept):
    assert keys_to_keep(typed, check, secret, 5) == kept
