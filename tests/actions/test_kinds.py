from types import MappingProxyType

import pytest

from gateway.actions.kinds import LAST_DAY, OFFERED, OFFICE, PLACE, PROGRAMME, TOPIC, line_if


class Plain:
    """Words that name the term they were asked for."""

    def day(self, day):
        return f"{day:%-d %b %Y}"

    def term(self, name):
        return f"<{name}>"


def test_a_place_that_is_unknown_has_a_word():
    assert PLACE.write("HBL Shop", Plain()) == "HBL Shop"
    assert PLACE.write("", Plain()) == "<place.any>"
    assert OFFICE.write("", Plain()) == "<place.office>"


def test_a_long_place_is_cut_and_the_longest_is_no_longer():
    assert len(PLACE.write("x" * 90, Plain())) == len(PLACE.longest(Plain())) == 24


def test_a_day_that_is_not_set_has_a_word():
    assert LAST_DAY.write("2026-12-31", Plain()) == "31 Dec 2026"
    assert LAST_DAY.write("", Plain()) == "<day.told>"


def test_a_line_stands_only_where_it_is_true():
    line = line_if("also.emergency")
    assert line.write(True, Plain()) == "\n<also.emergency>"
    assert line.write(False, Plain()) == ""
    assert line.longest(Plain()) == "\n<also.emergency>"


class Few(Plain):
    """Words of a language that has a few terms and no others."""

    own = MappingProxyType(
        {
            "programme.loan": "Loan of Ehsaas",
            "programme.other": "BISP",
            "short.loan": "Loan",
            "topic.case": "Complaint",
            "topic.booking": "Token",
            "offer.may_apply": "may apply",
            "offer.open": "open to you",
        }
    )

    def term(self, name):
        return self.own[name]

    def terms(self, family):
        return tuple(text for name, text in self.own.items() if name.startswith(f"{family}."))


@pytest.mark.parametrize(
    ("code", "written"), [("loan", "Loan of Ehsaas"), ("newcomer", "BISP"), ("", "BISP")]
)
def test_a_programme_without_a_word_of_its_own_still_has_a_name(code, written):
    assert PROGRAMME.write(code, Few()) == written
    assert PROGRAMME.longest(Few()) == "Loan of Ehsaas"


@pytest.mark.parametrize(
    ("name", "written"),
    [("short.loan", "Loan"), ("topic.booking", "Token"), ("short.newcomer", "Complaint")],
)
def test_what_a_request_is_about_is_a_programme_or_a_kind(name, written):
    assert TOPIC.write(name, Few()) == written
    assert TOPIC.longest(Few()) == "Complaint"


def test_a_text_tells_the_number_to_apply_by():
    assert OFFERED.write("may_apply", Few()) == "may apply"
    assert OFFERED.write("may_apply:3", Few()) == "may apply (APPLY 3)"
    assert OFFERED.longest(Few()) == "may apply (APPLY 99)"
