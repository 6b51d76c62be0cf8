from datetime import date

import pytest

from gateway.conversation.gsm import parts
from gateway.conversation.values import DAY, MONEY, QUARTER, term, text
from gateway.errors import MenuError
from tests.conversation.conftest import open_book


def test_how_a_language_writes_figures(book):
    english, urdu = book.languages["en"], book.languages["ur"]
    assert MONEY.write(13500, english) == "Rs 13,500"
    assert MONEY.write("9999999", urdu) == "9,999,999 روپے"
    assert DAY.write("2026-11-03", english) == "3 Nov 2026"
    assert urdu.day(date(2026, 11, 3)) == "3 نومبر 2026"
    assert QUARTER.write("2026Q4", english) == "Oct-Dec 2026"
    assert text(8).write("Rawalpindi", english) == "Rawalp.."


def test_digits_are_the_same_everywhere(book):
    for language in book.languages.values():
        for written in (
            language.money(1234567),
            language.day(date(2026, 10, 30)),
            language.quarter("2026Q1"),
        ):
            assert all(digit.isascii() for digit in written if digit.isdigit())


def test_a_text_is_borrowed_along_the_chain(book):
    urdu = book.languages["ur"]
    assert urdu.text("money.home", "My money") == "میری رقم"  # its own
    assert (
        urdu.text("common.trouble", "Something went wrong. Dial again.")
        == "Kuch kharabi hui. Dobara milayein."
    )
    assert urdu.text("extra.sent", "Done.") == "Done."


def test_a_translation_of_another_text_is_not_used(book):
    assert book.languages["ur"].text("money.home", "Her money") == "Her money"


def test_terms(book):
    english, urdu = book.languages["en"], book.languages["ur"]
    assert term("programme").write("kafaalat", urdu) == "بینظیر کفالت"
    assert term("programme").write("programme.emergency", english) == "Emergency Cash"
    assert term("programme").longest(english) == "Benazir Kafaalat"
    with pytest.raises(KeyError):
        english.term("programme.unknown")


def test_only_what_somebody_read_is_offered(book):
    assert book.offered == ("ur_Latn", "en")
    assert book.language_names() == {"ur_Latn": "Roman Urdu", "en": "English"}
    assert open_book(offer_unreviewed=True).offered == ("ur_Latn", "en", "ur")


def test_a_guess_is_not_shown(folder):
    path = folder / "menus/locale/ur_Latn/LC_MESSAGES/menus.po"
    path.write_text(path.read_text().replace('msgctxt "money.none"', '#, fuzzy\nmsgctxt "money.none"'))
    assert open_book(folder).languages["ur_Latn"].text("money.none", "No payment yet.") == "No payment yet."


def test_a_broken_po_stops_the_start(folder):
    path = folder / "menus/locale/ur_Latn/LC_MESSAGES/menus.po"
    path.write_text(path.read_text() + "\nnonsense\n")
    with pytest.raises(MenuError, match=r"menus\.po: \(ur_Latn\)"):
        open_book(folder)


def test_a_dial_code_in_right_to_left_writing_is_held_together(folder):
    path = folder / "menus/locale/ur/LC_MESSAGES/menus.po"
    path.write_text(
        path.read_text()
        + """
msgctxt "far.away"
msgid "No payment yet."
msgstr "ابھی نہیں: *8171*{code}# یا *8171# یا {code}"
"""
    )
    languages = open_book(folder).languages
    assert languages["ur"].text("far.away", "No payment yet.") == (
        "ابھی نہیں: \u200e*8171*{code}#\u200e یا \u200e*8171#\u200e یا \u200e{code}\u200e"
    )
    assert "\u200e" not in languages["ur"].text("common.trouble", "Something went wrong. Dial again.")


def test_the_marks_around_a_dial_code_count_towards_the_size(book):
    body = book.message("go_on", "ur")
    assert body.count("\u200e") == 2
    assert parts(body)[2][0] == len(body)


def test_messages_are_written_in_a_language(book):
    values = {"amount": 13500, "programme": "kafaalat", "place": "HBL", "day": "2026-12-31"}
    assert book.message("payment_ready", "en", values) == (
        "8171: Rs 13,500 of Benazir Kafaalat is ready at HBL until 31 Dec 2026. Pay nobody."
    )
    assert book.message("go_on", "ur").startswith("8171: کال کٹ گئی")
    with pytest.raises(KeyError):
        book.message("payment_ready", "en", {"amount": 1})


def test_closing_pages_stand_by_themselves(book):
    page = book.page("common.busy", "en")
    assert (page.text, page.end, page.screen) == ("Many people are asking. Dial again.", True, "common.busy")


def test_the_version_changes_with_any_text(folder, book):
    assert open_book(folder).version == book.version
    path = folder / "menus/locale/ur/LC_MESSAGES/menus.po"
    path.write_text(path.read_text().replace("دفاتر", "دفتر"))
    assert open_book(folder).version != book.version


def test_shortcuts_are_looked_up_by_extension(book):
    assert (book.shortcut("1"), book.shortcut("9")) == ("money.latest", None)
