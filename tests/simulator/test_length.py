import pytest
import smsutil

from gateway.simulator.length import measure, parts


@pytest.mark.parametrize(
    ("text", "encoding", "units", "flag"),
    [
        ("1 My money\n0 Back", "GSM-7", 17, ""),
        ("€{}[]", "GSM-7", 10, ""),
        ("Ehsaas: آپ کی قسط", "UCS-2", 17, ""),
        ("😀" * 35, "UCS-2", 70, ""),
        ("a" * 161, "GSM-7", 161, "over 160: some networks cut it"),
        ("a" * 183, "GSM-7", 183, "over 182: no network carries it"),
        ("آ" * 71, "UCS-2", 71, "over 70: some networks cut it"),
        ("آ" * 81, "UCS-2", 81, "over 80: no network carries it"),
    ],
)
def test_a_page_is_measured_in_what_the_air_carries(text, encoding, units, flag):
    size = measure(text)
    assert (size.encoding, size.units, size.flag) == (encoding, units, flag)
    assert size.left == size.limit - units


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a" * 160,
        "a" * 161,
        "a" * 152 + "€" * 10,
        "€" * 81,
        "😀" * 35,
        "😀" * 36,
        "آ" * 134,
        "آ" * 135,
        "a" * 306 + "€",
    ],
)
def test_parts_are_as_an_independent_counter_has_them(text):
    assert parts(text) == len(smsutil.split(text).parts)
