"""The console's words: every text of every page is translated, and none stands outside translation."""

import re

import pytest

from gateway.console import extract, words

TEMPLATES = sorted((words.LOCALE.parent / "templates").glob("*.html"))
# Names and marks that are the same in every language.
OURS = {"8171", "g", "/", "?", "", "j", "k", "x", "a", "n", "u", "Enter"}


def test_every_text_is_translated_with_the_same_places_to_fill():
    assert len(extract.wanted()) > 100
    assert extract.find_faults() == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_holds_a_text_outside_translation(path):
    page = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!doctype html>", "", path.read_text("utf-8"), flags=re.DOTALL
    )
    bare = {text.strip() for text in re.sub(r"<[^>]*>", "\n", page).splitlines()} - OURS
    assert {text for text in bare if re.search(r"[A-Za-z]", text)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_has_inline_script_or_style(path):
    assert not re.search(
        r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|javascript:", path.read_text("utf-8")
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_form_that_changes_something_carries_its_token(path):
    for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text("utf-8"), flags=re.DOTALL):
        assert "ui.token()" in form


def test_what_is_missing_stands_in_english():
    assert words.texts("ur")["Sign in"] == "سائن اِن"
    assert words._("no such text") == "no such text"
