import re

from hypothesis import given
from hypothesis import strategies as st

from gateway.conversation.gsm import Budget
from gateway.conversation.paging import OPTIONS_A_PAGE, Nav, paginate

NAV = Nav("98 More 0 Language", "0 Language", "98 More 0 Back", "0 Back 00 Home")
BUDGET = Budget(160, 70)
WORDS = st.text(st.sampled_from("abcdeنمبر€😀é{"), min_size=1, max_size=30)
TEXT = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
OPTIONS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=14)


def body(pages: tuple[str, ...]) -> list[str]:
    return [page.rpartition("\n")[0] for page in pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(TEXT, OPTIONS, st.sampled_from([BUDGET, Budget(182, 80), Budget(90, 45)]))
def test_every_page_fits_and_nothing_is_lost(text, options, budget):
    lines = [f"{number} {option}" for number, option in enumerate(options, 1)]
    pages = paginate(text, lines, NAV, budget)
    assert all(budget.holds(page) for page in pages)
    assert squeezed("".join(body(pages))) == squeezed("".join([text, *lines]))
    for number, page in enumerate(pages):
        more, last = NAV.feet(number)
        assert page.endswith(last if number == len(pages) - 1 else more)


@given(TEXT, OPTIONS)
def test_a_line_that_fits_a_page_is_never_divided(text, options):
    lines = [f"{number} {option}" for number, option in enumerate(options, 1)]
    pages = paginate(text, lines, NAV, BUDGET)
    seen = [line for page in body(pages) for line in page.split("\n")]
    for line in lines:
        if all(BUDGET.holds(f"{line}\n{foot}") for foot in (NAV.more, NAV.last)):
            assert line in seen


@given(TEXT)
def test_a_word_that_fits_a_page_is_never_divided(text):
    words = [word for page in body(paginate(text, (), NAV, BUDGET)) for word in page.split()]
    for word in text.split():
        if all(BUDGET.holds(f"{word}\n{foot}") for foot in (NAV.more, NAV.last, NAV.first_more)):
            assert word in words


@given(TEXT, OPTIONS)
def test_no_page_is_empty_or_holds_too_many_choices(text, options):
    lines = [f"{number} {option}" for number, option in enumerate(options, 1)]
    for page in body(paginate(text, lines, NAV, BUDGET)):
        assert page.strip()
        assert sum(line in lines for line in page.split("\n")) <= OPTIONS_A_PAGE


def test_what_would_fit_with_more_but_not_with_the_last_line_leaves_something_over():
    nav = Nav("98 M", "0 Back and home", "98 M", "0 Back and home")
    pages = paginate("aaaa bbbb cccc", (), nav, Budget(20, 20))
    assert pages == ("aaaa\n98 M", "bbbb\n98 M", "cccc\n0 Back and home")


def test_a_letter_keeps_its_marks():
    word = "نَ" * 60
    pages = paginate(word, (), Nav(more="98", last="0", first_more="98", first_last="0"), Budget(20, 20))
    assert all(page[0] == "ن" for page in pages)


def test_a_page_without_keys_has_no_empty_line():
    assert paginate("Good bye.", (), Nav(), BUDGET) == ("Good bye.",)
