# ruff: noqa: RUF001 - Urdu letters and typographic signs are the point
"""Each broken file in tests/broken_menus stands in for one file of the small book, and is refused with its fault named.

`case.yaml` stands in for menus/extra.yaml; `case.sms.yaml` for menus/sms.yaml, `case.shortcuts.yaml` for that file of
config, `case.ur.po` for the translations of a language.
"""

import shutil
from pathlib import Path

import pytest

from gateway.conversation.book import Book
from gateway.conversation.values import COUNT
from gateway.conversation.verbs import Verb
from gateway.errors import MenuError
from tests.conversation.conftest import VERBS

BROKEN = Path(__file__).parents[1] / "broken_menus"
MORE_VERBS = {
    **VERBS,
    "count_things": Verb("count_things", ("counted",), values={"amount": COUNT}, asks_core=False),
}

FAULTS = {
    "target.yaml": ["extra.yaml: extra.one: `away` leads to extra.nowhere, which does not exist"],
    "unhandled.yaml": ["extra.yaml: extra.one: outcome `unreachable` of `send_alerts` is not handled"],
    "undeclared.yaml": ["extra.yaml: extra.one: `send_alerts` has no outcome `failed`"],
    "no_verb.yaml": ["extra.yaml: extra.one: there is no verb `fly`"],
    "unreached.yaml": ["extra.yaml: extra.lonely: no way leads here"],
    "endless.yaml": [
        "extra.yaml: extra.one: never comes to a page",
        "extra.yaml: extra.two: never comes to a page",
    ],
    "same_option.yaml": ["extra.yaml: line 12: `yes` is given twice"],
    "same_label.yaml": ["extra.yaml: extra.one: options yes and no read the same"],
    "many_options.yaml": ["extra.yaml: extra.one: two options share the key 98, 98 of 97 options"],
    "pages.yaml": [
        "extra.yaml: extra.one (ur_Latn): is too long, 6 of 5 pages",
        "extra.yaml: extra.one (en): is too long, 6 of 5 pages",
        "extra.yaml: extra.one (ur): is too long, 16 of 5 pages",
    ],
    "end_too_long.yaml": [
        f"extra.yaml: extra.one ({code}): an end must fit one page, 170 of 160"
        for code in ("ur_Latn", "en", "ur")
    ],
    "question_too_long.yaml": ["extra.yaml: extra.one (en): a question must fit one page, 181 of 160"],
    "reason_too_long.yaml": [
        "extra.yaml: extra.one (en): with `noted` above it is too long, 181 of 160, 2 pages"
    ],
    "row_too_long.yaml": [
        "extra.yaml: extra.rows (ur): the heading with one row must fit one page, 87 of 70"
    ],
    "sms_form.yaml": ["extra.yaml: extra.one (en): as SMS is too long, 4 of 3 segments"],
    "unknown_value.yaml": ["extra.yaml: extra.one: {amount} is not known on every way here"],
    "half_known_value.yaml": ["extra.yaml: extra.told: {amount} is not known on every way here"],
    "two_kinds.yaml": ["extra.yaml: extra.told: {amount} is of another kind on another way here"],
    "no_plain_value.yaml": ["extra.yaml: extra.one: `{amount}` is no plain placeholder"],
    "unknown_list.yaml": [
        "extra.yaml: extra.one: the list `payments` is not known on every way here",
        "extra.yaml: extra.one: {amount} is not known on every way here",
    ],
    "pass_without_gate.yaml": [
        "extra.yaml: extra.one: `on` leads to `pass`, but nothing waits behind this screen"
    ],
    "lost_at_gate.yaml": ["extra.yaml: extra.one: the answer is lost at the gate `pin` before money.latest"],
    "secret_kept.yaml": ["extra.yaml: extra.one: a secret or a CNIC is never kept"],
    "cnic_kept.yaml": ["extra.yaml: extra.one: a secret or a CNIC is never kept"],
    "open_pin.yaml": ["extra.yaml: extra.one: a PIN is asked with `secret: true`"],
    "word_unknown.yaml": ["extra.yaml: extra.one: url: Extra inputs are not permitted"],
    "kind_unknown.yaml": [
        (
            "extra.yaml: extra.one: Input tag 'form' found using 'kind' does not match any of the expected tags: "
            "'choice', 'ask', 'show', 'list', 'end'"
        )
    ],
    "letters.yaml": ["extra.yaml: extra.one (en): GSM-7 cannot write ’ –"],
    "stands_twice.yaml": ["money.yaml: money.none: stands in extra.yaml already"],
    "reserved_name.yaml": ["extra.yaml: extra.one: `sms` cannot be the name of an option or a retry"],
    "not_yaml.yaml": ["extra.yaml: line 2: expected ',' or '}', but got '<stream end>'"],
    "alert_too_long.sms.yaml": [
        "sms.yaml: payment_ready (en): is too long, 3 of 2 segments (347 units of gsm7)"
    ],
    "alert_value.sms.yaml": ["sms.yaml: payment_ready: {name} is not known here"],
    "alert_kind.sms.yaml": ["sms.yaml: payment_ready: no kind of value is called rupees"],
    "sendable_value.sms.yaml": [
        "sms.yaml: renew: name: what is sent by itself holds one day and no other value"
    ],
    "notice_missing.notices.yaml": ["notices.yaml: bad_count: is missing"],
    "gate_missing.gate.yaml": ["menus: gate.pin: this screen must exist"],
    "term_missing.terms.yaml": ["terms.yaml: verb latest: no term begins with `programme.`"],
    "shortcut_gone.shortcuts.yaml": ["shortcuts.yaml: 1: money.gone does not exist"],
    "shortcut_needs.shortcuts.yaml": [
        "shortcuts.yaml: 1: money.detail cannot be entered without what comes before it"
    ],
    "shortcut_typed.shortcuts.yaml": [
        "shortcuts.yaml: 1: money.thanks cannot be entered without what comes before it"
    ],
    "shortcut_letters.shortcuts.yaml": ["shortcuts.yaml: a: an extension is digits, parted by `*`"],
    "keyword_gone.keywords.yaml": ["keywords.yaml: pay: money.gone does not exist"],
    "keyword_needs.keywords.yaml": [
        "keywords.yaml: pay: money.thanks cannot be entered without what comes before it"
    ],
    "keyword_answer.keywords.yaml": ["keywords.yaml: pay: common.home takes no answer"],
    "keyword_secret.keywords.yaml": [
        "keywords.yaml: pin: gate.pin asks for a secret, and a text carries none"
    ],
    "translation_value.ur_Latn.po": [
        "money.yaml: money.noted (ur_Latn): the translation lacks {amount} adds {raqam}"
    ],
    "translation_letters.ur_Latn.po": [
        "money.yaml: money.none (ur_Latn): GSM-7 cannot write ا ب ھ ی ک و ئ ر ق م ن ہ ں"
    ],
    "language_name.languages.yaml": ["languages.yaml: ur: name: GSM-7 cannot write ا ر د و"],
    "language_default.languages.yaml": ["languages.yaml: the default language fr is not listed"],
    "over_ceiling.aggregators.yaml": ["aggregators.yaml: africastalking: the budget is over the ceiling"],
}


def test_every_broken_file_has_its_test():
    assert {path.name for path in BROKEN.iterdir()} == FAULTS.keys()


@pytest.mark.parametrize("case", FAULTS)
def test_a_broken_file_is_refused_by_name(case, folder):
    shutil.copy(BROKEN / case, _place(folder, case))
    with pytest.raises(MenuError) as refusal:
        Book.load(folder / "menus", folder / "config", MORE_VERBS, "africastalking", offer_unreviewed=False)
    for fault in FAULTS[case]:
        assert fault in refusal.value.faults


def test_all_faults_are_named_at_once(folder):
    for case in ("target.yaml", "alert_kind.sms.yaml", "shortcut_gone.shortcuts.yaml", "letters.yaml"):
        shutil.copy(BROKEN / case, _place(folder, case).with_stem(f"{_place(folder, case).stem}"))
    (folder / "menus" / "more.yaml").write_text(
        (BROKEN / "no_verb.yaml").read_text().replace("extra.", "more.")
    )
    with pytest.raises(MenuError) as refusal:
        Book.load(folder / "menus", folder / "config", MORE_VERBS, "africastalking", offer_unreviewed=False)
    files = {fault.partition(":")[0] for fault in refusal.value.faults}
    assert {"extra.yaml", "more.yaml", "sms.yaml", "shortcuts.yaml"} <= files


def test_an_aggregator_must_be_known(folder):
    with pytest.raises(MenuError, match=r"aggregators\.yaml: semaphore: is missing"):
        Book.load(folder / "menus", folder / "config", VERBS, "semaphore", offer_unreviewed=False)


def test_missing_files_are_named(folder):
    for name in ("words", "notices", "sms"):
        (folder / "menus" / f"{name}.yaml").unlink()
    (folder / "config" / "shortcuts.yaml").unlink()
    with pytest.raises(MenuError) as refusal:
        Book.load(folder / "menus", folder / "config", VERBS, "africastalking", offer_unreviewed=False)
    for name in ("words", "notices", "sms", "shortcuts"):
        assert f"{name}.yaml: the file is missing" in refusal.value.faults


def _place(folder: Path, case: str) -> Path:
    _, *where = case.split(".")
    match where:
        case ["yaml"]:
            return folder / "menus" / "extra.yaml"
        case [code, "po"]:
            return folder / "menus" / "locale" / code / "LC_MESSAGES" / "menus.po"
        case [name, "yaml"]:
            home = "config" if name in {"shortcuts", "languages", "aggregators"} else "menus"
            return folder / home / f"{name}.yaml"
    raise AssertionError(case)
