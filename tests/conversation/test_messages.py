"""Translations on their way out and back."""

import pytest
from babel.messages.pofile import read_po

from gateway.conversation.messages import extract, find_faults
from gateway.errors import MenuError


@pytest.fixture
def po(folder):
    return folder / "menus/locale/ur_Latn/LC_MESSAGES/menus.po"


def run(folder):
    return extract(folder / "menus", folder / "config")


def faults(folder):
    return find_faults(folder / "menus", folder / "config")


def catalog(path):
    with path.open("rb") as file:
        return read_po(file)


def test_every_text_goes_out_with_context_file_budget_and_flag(folder, po):
    assert run(folder)[0] == f"menus.pot: {len(catalog(folder / 'menus/locale/menus.pot'))} texts"
    ready = catalog(po).get("{amount} is ready: {programme}. Place: {place}.", "money.ready")
    assert ready.flags == {"python-brace-format"}
    assert "160" in ready.auto_comments[0]
    assert "70" in ready.auto_comments[0]
    assert ready.locations[0][0] == "menus/money.yaml"
    for context, english in [
        ("money.ready.sms", "8171: {amount} is ready at {place}."),
        ("money.ready.dispute", "Not {amount}?"),
        ("gate.pin.wrong", "Wrong PIN. Tries left: {tries}."),
        ("office.list.item", "{office}"),
        ("notice.bad_pin", "A PIN has 4 digits."),
        ("word.back", "Back"),
        ("term.programme.kafaalat", "Benazir Kafaalat"),
        ("sms.go_on", "8171: The call was cut. Dial *8171# to go on."),
    ]:
        assert catalog(po).get(english, context), context


def test_translations_are_kept_and_twice_changes_nothing(folder, po):
    po.write_text("# Glossary:\n#   money   raqam\n" + po.read_text())
    run(folder)
    assert catalog(po).get("My money", "common.home.money").string == "Meri raqam"
    assert po.read_text().startswith("# Glossary:\n#   money   raqam\n")
    written = po.read_text()
    run(folder)
    assert po.read_text() == written


def test_a_changed_text_keeps_its_translation_as_a_guess(folder, po):
    run(folder)
    menu = folder / "menus/money.yaml"
    menu.write_text(menu.read_text().replace("No payment yet.", "No payment so far."))
    assert "1 to look at again" in run(folder)[1]
    guess = catalog(po).get("No payment so far.", "money.none")
    assert (guess.fuzzy, guess.string) == (True, "Abhi koi raqam nahi.")
    assert '#| msgid "No payment yet."' in po.read_text()
    assert "menus.po: money.none (ur_Latn): is a guess (fuzzy), to be looked at again" in faults(folder)


def test_a_text_that_is_gone_is_kept_as_obsolete(folder, po):
    run(folder)
    menu = folder / "menus/money.yaml"
    menu.write_text(
        menu.read_text().replace('dispute: {label: "Not {amount}?"', 'wrong: {label: "Not {amount}?"')
    )
    assert run(folder)[1].endswith("1 obsolete")
    assert "#~ " in po.read_text()
    menu.write_text(
        menu.read_text().replace('wrong: {label: "Not {amount}?"', 'dispute: {label: "Not {amount}?"')
    )


def test_what_is_missing_obsolete_or_loses_a_value_is_named(folder, po):
    text = po.read_text().replace("{amount} nahi?", "{raqam} nahi?")
    po.write_text(text + '\nmsgctxt "money.old"\nmsgid "Old"\nmsgstr "Purana"\n')
    found = faults(folder)
    assert "menus.po: money.noted (ur_Latn): is not translated" in found
    assert "menus.po: money.ready.dispute (ur_Latn): its placeholders differ" in found
    assert "menus.po: money.old (ur_Latn): is obsolete, the menus no longer say `Old`" in found


def test_what_has_no_words_needs_no_translation(folder):
    assert not [fault for fault in faults(folder) if "office.list.item" in fault]


def test_the_source_language_needs_no_file(folder):
    run(folder)
    assert not (folder / "menus/locale/en").exists()
    assert not [fault for fault in faults(folder) if "(en)" in fault]


def test_menus_that_cannot_be_read_are_named(folder):
    (folder / "menus/money.yaml").write_text("money.home: [")
    with pytest.raises(MenuError, match=r"money\.yaml: line"):
        run(folder)


def test_a_new_language_starts_with_every_text_empty(folder):
    config = folder / "config/languages.yaml"
    config.write_text(config.read_text() + "  sd: {name: Sindhi, reviewed: no, script: ucs2, months: sd}\n")
    assert any(line.startswith("sd: ") and " 0 missing" not in line for line in run(folder))
    assert (folder / "menus/locale/sd/LC_MESSAGES/menus.po").exists()
