"""What the menus promise beyond their own check: every text in every language, and the rules against fraud."""

import re

import pytest

from gateway.actions.registry import REGISTRY
from gateway.conversation.book import Book
from gateway.conversation.catalog import read_catalog
from gateway.conversation.gsm import parts
from gateway.conversation.speech import said
from tests.actions.small_core import ROOT

ALERTS = ("payment_ready", "payment_branch", "payment_withdrawn")
LANGUAGES = ("en", "ur_Latn", "ur")


@pytest.fixture(scope="module")
def book():
    return Book.load(ROOT / "menus", ROOT / "config", REGISTRY, "africastalking", False)


@pytest.mark.parametrize("code", ["ur_Latn", "ur"])
def test_every_text_is_translated_and_nothing_else_is(book, code):
    faults: list[str] = []
    catalog = read_catalog(ROOT / "menus", code, faults)
    written = {
        (entry.context, entry.id) for entry in catalog if entry.id and entry.string and not entry.fuzzy
    }
    assert written == {(context, english) for _, _, context, english in said(book)}
    assert not faults
    assert not catalog.obsolete


def test_every_verb_is_used(book):
    asked_by_channels = {"recall_language"}
    assert {getattr(screen, "do", None) for screen in book.screens.values()} - {None} == set(
        REGISTRY
    ) - asked_by_channels


def test_no_menu_has_more_than_six_options(book):
    assert max(len(getattr(screen, "options", ())) for screen in book.screens.values()) <= 6


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_phone_of_plain_letters_needs_no_second_page(book, code):
    pages = {name: layout.static for name, layout in book.layouts[code].items() if layout.static}
    most = 3 if code == "ur" else 1
    assert [name for name, each in pages.items() if len(each) > most] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_we_say_holds_a_link_or_asks_for_a_pin_by_text(book, code):
    for _, _, context, english in said(book):
        text = book.languages[code].text(context, english)
        assert not re.search(r"https?:|www\.|\.(com|pk|org)\b", text, re.IGNORECASE), context
        if context.startswith("sms."):
            assert not re.search(r"\bPIN\b|\bپن\b", text), context


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_names_what_it_must_and_warns(book, code, name):
    day = {"day": "2026-12-03"} if "day" in book.templates[name].values else {}
    text = book.message(name, code, {"amount": 13500, "programme": "kafaalat", "place": "HBL Saddar", **day})
    warning = {
        "en": "Only 8171 is genuine, pay nobody",
        "ur_Latn": "Sirf 8171 asli hai",
        "ur": "صرف 8171 اصلی",
    }
    assert all(part in text for part in ("13,500", "HBL Saddar", warning[code]))
    assert parts(text)[1] <= 2


def test_shortcuts_in_texts_lead_somewhere(book):
    for _, _, context, english in said(book):
        for extension in re.findall(r"\*8171\*(\d+)#", english):
            assert book.shortcut(extension), context
