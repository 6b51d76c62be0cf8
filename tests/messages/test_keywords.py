"""A text finds its way whatever its capitals, spaces, dashes and digits."""

from pathlib import Path

import pytest
import yaml

from gateway.errors import MenuError
from gateway.messages.keywords import Keyword, Keywords, Route, load, pick_language

ROOT = Path(__file__).resolve().parents[2]
MENUS = ROOT / "menus"
CNIC = "3520212345012"
OFFERED = {
    code: (entry["name"], *entry["also"])
    for code, entry in yaml.safe_load((ROOT / "config" / "languages.yaml").read_text("utf-8"))[
        "languages"
    ].items()
}


@pytest.fixture(scope="module")
def keywords():
    return load(MENUS)


@pytest.mark.parametrize(
    "body",
    [
        CNIC, "35202-1234501-2", " 35202 1234501 2 ", "35202\u20131234501\u20132", "۳۵۲۰۲۱۲۳۴۵۰۱۲", "٣٥٢٠٢-١٢٣٤٥٠١-٢", "CNIC 35202-1234501-2",
        "check 3520212345012", "mera shanakhti card 35202-1234501-2 hai", "شناختی 3520212345012", "35202-1234501-2.",
        "3520212345012 3520212345012",
    ],
)  # fmt: skip
def test_a_cnic_is_found(keywords, body):
    assert keywords.route(body) == Route("cnic", keywords.screen, CNIC)


@pytest.mark.parametrize(
    "body",
    [
        "352021234501",
        "35202-1234501-23",
        "0352021234501",
        "cnic",
        "CNIC abc",
        "12345678",
        "3520212345012 3520212345034",
    ],
)
def test_what_was_meant_as_a_cnic_is_told_so(keywords, body):
    assert keywords.route(body).do == "cnic_bad"


@pytest.mark.parametrize(
    ("body", "do"),
    [
        ("HELP", "help"), ("madad", "help"), (" Help! ", "help"), ("مدد", "help"), ("", "help"), ("   ", "help"), ("?!", "help"),
        ("salam", "help"), ("mujhe paise kab milen ge", "help"), ("stop", "stop"), ("BAND karo", "stop"), ("بند", "stop"),
        ("START", "start"), ("shuru", "start"), ("1", "help"), ("👍", "help"),
    ],
)  # fmt: skip
def test_words_are_known(keywords, body, do):
    assert keywords.route(body).do == do


@pytest.mark.parametrize(
    ("screen", "bodies"),
    [
        ("payments.latest", ("PAY", "pay?", "Raqam", "RAQAM kab", "رقم", "قسط", "Paise")),
        ("payments.why", ("WHY", "kyun", "کیوں", "كيوں")),
        ("payments.history", ("HISTORY", "purani", "پرانی")),
        ("emergency.mine", ("EMERGENCY", "sailab", "سیلاب")),
        ("eligibility.mine", ("eligible", "AHAL", "اہل")),
        ("portal.all", ("ALL", "sab", "سب")),
        ("loans.mine", ("LOAN", "qarz", "قرض")),
        ("health.mine", ("SEHAT", "sehat card", "صحت")),
        ("hospitals.home", ("HOSPITAL", "haspatal", "ہسپتال")),
        ("clinics.home", ("CLINIC", "کلینک")),
        ("schools.children", ("SCHOOL", "wazifa", "سکول", "تعلیم")),
        ("nutrition.mine", ("VISIT", "muaina", "معائنہ")),
        ("wallet.mine", ("WALLET", "والٹ")),
        ("survey.mine", ("SURVEY", "سروے")),
        ("courses.skills", ("SKILL", "hunar", "ہنر")),
        ("courses.learning", ("LEARN", "parhna", "پڑھنا")),
        ("cases.home", ("COMPLAINT", "shikayat", "شکایت")),
        ("offices.mine", ("OFFICE", "daftar", "دفتر")),
        ("track.reference", ("TRACK", "pata", "ٹریک")),
    ],
)
def test_a_word_opens_a_screen_in_any_script_and_capitals(keywords, screen, bodies):
    for body in bodies:
        route = keywords.route(body)
        assert (route.do, route.screen) == ("open", screen), body


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("TRACK 12345678", "12345678"),
        ("track: ۱۲۳۴۵۶۷۸.", "12345678"),
        ("  Track - 1234 5678 ", "1234 5678"),
        ("TRACK", ""),
        ("OFFICE  Model Town!", "Model Town"),
        ("دفتر، لاہور؟", "لاہور"),
    ],
)
def test_what_follows_a_word_is_its_answer(keywords, body, rest):
    assert keywords.route(body).rest == rest


@pytest.mark.parametrize("body", ["PAY 3520212345012", "raqam 35202-1234501-2", "SCHOOL ۳۵۲۰۲۱۲۳۴۵۰۱۲"])
def test_a_cnic_behind_any_word_keeps_the_open_answer(keywords, body):
    assert keywords.route(body) == Route("cnic", keywords.screen, CNIC)


@pytest.mark.parametrize(
    ("rest", "stops"),
    [("STOP", True), ("please band karein", True), ("بند", True), ("", False), ("YES", False)],
)
def test_words_for_stopping_are_known_behind_another(keywords, rest, stops):
    assert keywords.stops(rest) == stops


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"do": "help", "example": "X"}, "go with `to`"),
        ({"to": "a.b", "with": "a.c"}, "needs an `example`"),
        ({}, "either"),
    ],
)
def test_an_entry_that_says_too_much_or_too_little_is_refused(entry, fault):
    with pytest.raises(ValueError, match=fault):
        Keyword.model_validate({"words": ["X"], **entry})


def test_what_follows_the_word_is_kept(keywords):
    assert keywords.route("LANG  ur") == Route("language", rest="ur")
    assert keywords.route("zaban: English").do == "language"
    assert keywords.route("lang") == Route("language")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("UR", "ur"), ("en", "en"), ("English", "en"), ("ENGL", "en"), ("roman", "ur_Latn"), ("Roman Urdu", "ur_Latn"), ("ur_latn", "ur_Latn"),
        ("ur-Latn", "ur_Latn"), ("urdu", "ur"), ("", None), ("e", None), ("chinese", None),
        ("اردو", "ur"), ("اُردو", "ur"), ("رومن اردو", "ur_Latn"), ("انگریزی", "en"), ("English please", "en"),
        ("mujhe urdu mein", "ur"), ("roman urdu please", "ur_Latn"), ("kuch bhi", None),
    ],
)  # fmt: skip
def test_a_language_is_picked_by_code_or_name(asked, code):
    assert pick_language(asked, OFFERED) == code


def test_a_word_may_stand_once_only():
    with pytest.raises(MenuError, match="twice"):
        Keywords({"a": Keyword(words=("STOP",), do="stop"), "b": Keyword(words=("stop",), to="x.y")})


def test_a_file_that_cannot_be_read_names_its_fault(tmp_path):
    with pytest.raises(MenuError, match="missing"):
        load(tmp_path)
    (tmp_path / "keywords.yaml").write_text(
        "cnic: {words: [CNIC], to: check.cnic, do: help}", encoding="utf-8"
    )
    with pytest.raises(MenuError, match="either"):
        load(tmp_path)
    (tmp_path / "keywords.yaml").write_text("help: {words: [HELP], do: help}", encoding="utf-8")
    with pytest.raises(MenuError, match="cnic: says with `to`"):
        load(tmp_path)
