import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.conversation.schema import menu_schema
from gateway.conversation.screens import parse

MENUS = Path(__file__).parents[2] / "menus"


def test_the_schema_beside_the_menus_is_current():
    assert (MENUS / "menu.schema.json").read_text("utf-8") == menu_schema(), (
        "run `gateway menus schema --write`"
    )


def test_the_schema_names_the_five_kinds():
    kinds = {part["properties"]["kind"]["const"] for part in json.loads(menu_schema())["$defs"].values()
             if "kind" in part["properties"]}  # fmt: skip
    assert kinds == {"choice", "ask", "show", "list", "end"}


@pytest.mark.parametrize("name", ["home", "Money.home", "money.home.more", "money-home.x", "money."])
def test_a_screen_has_a_subject_and_a_name(name):
    with pytest.raises(ValidationError):
        parse(name, {"kind": "end", "text": "x"})


@pytest.mark.parametrize(
    "screen",
    [
        {"kind": "ask", "text": "x", "check": "count"},
        {"kind": "ask", "text": "x", "check": "count", "to": "a.b", "do": "c", "then": {"d": "a.b"}},
        {"kind": "ask", "text": "x", "check": "count", "do": "c"},
        {"kind": "ask", "text": "x", "check": "regex", "to": "a.b"},
        {"kind": "show"},
        {"kind": "show", "text": "x", "do": "c", "then": {"d": "a.b"}},
        {"kind": "show", "do": "c"},
        {"kind": "show", "do": "c", "then": {"d": {"retry": "x"}}},
        {"kind": "show", "do": "c", "then": {"d": "a.b"}, "sms": "x"},
        {"kind": "choice", "text": "x", "options": {}},
        {"kind": "choice", "text": "", "options": {"a": {"label": "x", "to": "a.b"}}},
        {"kind": "choice", "text": "x", "options": {"a": {"label": "x", "to": "nowhere"}}},
        {"kind": "list", "text": "x", "item": "y"},
        {"kind": "end", "text": "x", "needs": "password"},
        {"kind": "end"},
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(screen):
    with pytest.raises(ValidationError):
        parse("some.screen", screen)
