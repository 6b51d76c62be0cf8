"""A programme is one entry and its words: it is offered, applied for, followed, explained, and missed where a word lacks."""

import re
import shutil
from pathlib import Path

import pytest
import time_machine

from gateway import compose
from gateway.app import create_app
from gateway.core.embedded.rules import judging
from gateway.errors import MenuError
from tests.parts.gateway import DAY, ROOT, Gateway, chosen

ENTRY = """
ration:
  name: Ration discount
  rules:
    - from: 2026-01-01
      all:
        - rule: alive
        - rule: region
          provinces: [balochistan]
        - rule: score
          at_most: 30.00
          except:
            - household: disability
              at_most: 36.00
"""
WORDS = """
programme.ration: Ehsaas Ration
short.ration: Ration
where.ration: "Show your CNIC at any listed shop."
"""


@pytest.fixture
def folder(tmp_path):
    """A copy of menus and config with a programme more."""
    for name in ("menus", "config"):
        shutil.copytree(ROOT / name, tmp_path / name)
    with (tmp_path / "config" / "programmes.yaml").open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    with (tmp_path / "menus" / "terms.yaml").open("a", encoding="utf-8") as file:
        file.write(WORDS)
    return tmp_path


@pytest.fixture
def more(folder, demo_data, store_url):
    """The gateway on that copy, with the demo registry."""
    data = folder / "data"
    shutil.copytree(
        demo_data, data, ignore=lambda _, names: [name for name in names if name.endswith(".sock")]
    )
    settings = chosen(data, store_url).model_copy(
        update={"menus": folder / "menus", "config": folder / "config"}
    )
    with time_machine.travel(DAY, tick=True):
        services = compose.build(settings)
        yield Gateway(services, create_app(services).test_client())
        services.database.close()


def test_a_new_programme_is_one_entry_and_its_words(more):
    phone = more.phone("+923001234505")
    more.services.core.registry.choose_language(phone.number, "en", "before")
    phone.dial("*8171*9#")
    phone.send("3141")
    phone.press("Ration: may apply")
    phone.sees("Ehsaas Ration: you may apply").press("apply now")
    reference = re.search(r"\b1\d{7}\b", phone.sees("Applied: Ration").screen)[0]
    phone.dial("*8171*8#")
    phone.send("3141")
    phone.sees("1 Ration: received").send("1")
    phone.sees(f"Ration {reference}: received")
    explained = {each.programme: each for each in more.services.core.eligibility.explain("5440012345052")}
    assert explained["ration"].outcome == "may_apply"
    assert [each.rule for each in explained["ration"].reasons] == [
        "alive",
        "lives in balochistan",
        "score at most 30.00; disability: 36.00",
    ]


@pytest.mark.parametrize("word", ["programme.ration", "short.ration", "where.ration"])
def test_a_programme_that_lacks_a_word_is_named_at_the_start(folder, word):
    terms = folder / "menus" / "terms.yaml"
    terms.write_text(re.sub(rf"(?m)^{word}:.*\n", "", terms.read_text("utf-8")), "utf-8")
    settings = chosen(folder / "data", "embedded").model_copy(
        update={"menus": folder / "menus", "config": folder / "config"}
    )
    with pytest.raises(MenuError) as caught:
        compose.open_book(settings)
    assert caught.value.faults == [f"terms.yaml: {word}: is missing"]


def test_every_reason_that_a_rule_gives_has_its_words(book):
    rules = Path(judging.__file__).parent
    codes = {
        code
        for file in rules.glob("*.py")
        for code in re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', file.read_text())
    }
    codes -= {code for code in codes if code.startswith("X_")}
    assert {"PMT_ABOVE", "NOT_IN_PROGRAMME", "LIST_ONLY", "NO_CHILD"} <= codes
    assert {f"reason.{code}" for code in codes} - book.terms.keys() == set()
