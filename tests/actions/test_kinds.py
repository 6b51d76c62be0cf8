from gateway.actions.kinds import LAST_DAY, OFFICE, PLACE, line_if


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
