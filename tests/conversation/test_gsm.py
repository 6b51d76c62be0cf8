# ruff: noqa: RUF001 - Urdu letters and typographic signs are the point
import gsm0338
import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from gateway.conversation.gsm import BASIC, EXTENSION, Budget, fold, foreign, is_gsm7, parts, size

CODEC = gsm0338.Codec()
# What phones and menus really hold: GSM-7 with its extensions, Urdu, an emoji beyond the basic plane.
TEXTS = st.text(st.sampled_from([*BASIC, *EXTENSION, *"آپ کی قسط۔", "ç", "😀", "–"]), max_size=400)


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("Ehsaas: آپ کی قسط", "ucs2", [17]),
        ("€{}[]", "gsm7", [10]),
        ("a" * 160, "gsm7", [160]),
        ("a" * 161, "gsm7", [153, 8]),
        ("😀" * 35, "ucs2", [70]),
        ("😀" * 36, "ucs2", [66, 6]),
        ("a" * 152 + "€", "gsm7", [154]),
        ("a" * 152 + "€" * 10, "gsm7", [152, 20]),
        ("€" * 81, "gsm7", [152, 10]),
        ("", "gsm7", []),
    ],
)
def test_segments(text, encoding, segments):
    assert parts(text) == (encoding, len(segments), segments)


@given(TEXTS.filter(bool))
def test_segments_are_what_smsutil_counts(text):
    split = smsutil.split(text)
    encoding, count, units = parts(text)
    assert (encoding, count) == ("gsm7" if split.encoding == "gsm0338" else "ucs2", len(split.parts))
    assert units == [part.bytes if encoding == "gsm7" else part.bytes // 2 for part in split.parts]


@given(TEXTS)
def test_size_is_what_the_codecs_write(text):
    if is_gsm7(text):
        assert size(text) == len(CODEC.encode(text)[0])
    else:
        assert size(text) == len(text.encode("utf-16-be")) // 2
        with pytest.raises(UnicodeEncodeError):
            CODEC.encode(text)


@given(TEXTS)
def test_a_budget_holds_exactly_its_size(text):
    limit = size(text)
    assert Budget(limit, limit).holds(text)
    assert not Budget(limit - 1, limit - 1).holds(text)


@given(st.text())
def test_folded_text_is_always_writable(text):
    assert is_gsm7(fold(text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Sukkur – Rohri", "Sukkur - Rohri"), ("“Ā’s”", '"A\'s"'), ("Café", "Café"), ("لاہور", "?????")],
)
def test_fold_keeps_what_it_can(text, folded):
    assert fold(text) == folded


def test_foreign_names_each_letter_once():
    assert foreign("naïve – ï") == "ï–"
