"""The lean form reader reads as the standard library does."""

from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels.aggregator import Unreadable
from gateway.channels.form import LARGEST_BODY, MOST_FIELDS, read_form

NAMES = st.sampled_from(["text", "phoneNumber", "sessionId", "a b", "ü"])


@given(st.dictionaries(NAMES, st.text(), min_size=1))
def test_what_was_written_is_read(fields):
    body = "&".join(
        f"{quote_plus(name)}={quote_plus(value, errors='replace')}" for name, value in fields.items()
    )
    assert read_form(body.encode()) == dict(parse_qsl(body, keep_blank_values=True))


@given(
    st.lists(
        st.sampled_from(["%", "%2", "%2A", "%2a", "%25", "2A", "%23", "+", "%2B", "*", "x", "%ZZ", "%C3%28"])
    )
)
def test_escapes_side_by_side_are_read_as_the_library_reads_them(parts):
    value = "".join(parts)
    assert read_form(f"text={value}".encode()) == dict(parse_qsl(f"text={value}", keep_blank_values=True))


@pytest.mark.parametrize(
    "body", [b"a=1&a=2", b"&".join(b"f%d=" % n for n in range(MOST_FIELDS + 1)), b"a" * (LARGEST_BODY + 1)]
)
def test_what_nobody_can_answer_is_unreadable(body):
    with pytest.raises(Unreadable):
        read_form(body)


def test_a_field_twice_alike_is_one():
    assert read_form(b"a=1&a=1&b") == {"a": "1", "b": ""}
