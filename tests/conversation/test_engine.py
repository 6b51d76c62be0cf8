# ruff: noqa: RUF001 - Urdu letters and typographic signs are the point
"""One turn after another, as a caller lives them."""

import pytest

from gateway.conversation.gsm import parts
from gateway.conversation.session import Opening
from gateway.conversation.verbs import Outcome
from gateway.errors import CoreUnreachable


def test_the_first_dial_asks_the_language_and_then_goes_home(caller):
    caller.dial(language=None)
    assert caller.at == "language.list"
    assert caller.page == "Language\n1 Roman Urdu\n2 English\n0 Wapas 00 Shuru"
    caller.send("2")
    assert (caller.at, caller.session.language) == ("common.home", "en")
    assert caller.page.endswith("4 Extra\n0 Language")


def test_a_known_language_goes_home_at_once(caller):
    caller.dial("ur_Latn")
    assert caller.page.startswith("Choti kitab\n1 Meri raqam\n2 Offices")
    assert (caller.turn.number, caller.turn.screen_from, caller.turn.opening) == (
        1,
        "start",
        Opening("ur_Latn"),
    )


def test_a_language_that_is_gone_is_asked_again(caller):
    assert caller.dial("xx").at == "language.list"


def test_the_root_offers_the_language(caller):
    assert caller.dial().send("0").at == "language.list"
    assert caller.send("1").turn.edges[-1] == "home"
    assert caller.page.startswith("Choti kitab")


def test_whether_the_language_is_her_own(caller, engine):
    assert not engine.language_known(caller.dial(language=None).session)
    assert engine.language_known(caller.send("2").session)


def test_gates_stand_before_a_page_and_are_passed_once(caller):
    caller.dial().send("1", "1")
    assert caller.turn.edges == (
        "money.home/latest", "gate:phone", "gate.phone/one", "pass:money.latest", "gate:pin"
    )  # fmt: skip
    assert caller.page == "Your PIN:\n0 Back 00 Home"
    caller.send("4821")
    assert caller.at == "money.ready"
    assert caller.page.startswith(
        "Rs 13,500 is ready: Benazir Kafaalat. Place: HBL Saddar.\n1 Not Rs 13,500?"
    )
    caller.send("00", "1", "1")
    assert caller.at == "money.ready"
    assert caller.verbs() == ["linked", "check_pin", "latest", "latest"]


def test_a_pin_goes_to_its_own_verb_only(caller):
    caller.dial().send("1", "1", "4821")
    assert [ask.answer for name, ask in caller.asked if name == "latest"] == [None]
    assert caller.turn.keys == "*"
    assert "4821" not in repr(caller.turn) + repr(caller.session)


def test_a_shared_phone_chooses_whose(caller):
    caller.answers["linked"] = Outcome(
        "many", {"persons": ({"id": "7", "last4": "5012"}, {"id": "8", "last4": "5168"})}, grants=("phone",)
    )
    caller.dial().send("1", "1")
    assert caller.page == "Whose?\n1 ..5012\n2 ..5168\n0 Back 00 Home"
    caller.send("2")
    assert (caller.at, caller.session.person) == ("gate.pin", 8)
    assert caller.send("4821").at == "money.ready"


def test_another_person_inherits_nothing(caller):
    caller.dial().send("1", "1", "4821")
    caller.answers["latest"] = Outcome("none", person=9)
    caller.send("00", "1", "1")
    assert (caller.session.person, caller.session.granted, caller.session.frames) == (9, set(), [])


def test_an_unlinked_phone_may_go_another_way(caller):
    caller.answers["linked"] = Outcome("none")
    caller.dial().send("1", "1")
    assert caller.at == "gate.unlinked"
    caller.send("1", "35202-1234501-2")
    assert caller.at == "check.eligible"
    assert (caller.turn.keys, caller.session.pending) == ("*5012", None)


def test_back_goes_where_she_came_from_past_no_gate(caller):
    caller.dial().send("1", "1", "4821", "2")
    assert caller.at == "office.district"
    assert caller.send("0").page.startswith("Rs 13,500 is ready")
    assert caller.send("0").at == "money.home"
    assert caller.send("0").at == "common.home"


def test_back_from_a_gate_gives_up_what_waited(caller):
    caller.dial().send("1", "1", "0")
    assert (caller.at, caller.session.pending) == ("money.home", None)


def test_home_forgets_the_way_but_not_the_gates(caller):
    caller.dial().send("1", "1", "4821", "00")
    assert (caller.at, caller.session.frames, "pin" in caller.session.granted) == ("common.home", [], True)


def test_a_page_met_again_is_gone_back_to(caller):
    caller.dial().send("1", "1", "4821", "2", "0", "2", "0", "2", "0")
    assert [frame.screen for frame in caller.session.frames] == ["common.home", "money.home"]


def test_a_wrong_key_says_so_on_the_same_screen(caller):
    caller.dial().send("9")
    assert caller.page.startswith("Choose a number from the list.\nSmall book")
    assert caller.send("").page.startswith("Type an answer.\nSmall book")
    assert caller.send("1").page.startswith("My money")


def test_the_third_wrong_key_ends_it(caller):
    caller.dial().send("9", "9", "9")
    assert (caller.at, caller.turn.page.end) == ("common.too_many", True)


def test_tries_are_counted_in_a_row_on_one_screen(caller):
    caller.dial().send("9", "9", "1", "9", "9")
    assert not caller.turn.page.end


def test_a_verb_may_ask_again_with_its_reason(caller):
    caller.dial().send("1", "1", "1111")
    assert caller.page.startswith("Wrong PIN. Tries left: 2.\nYour PIN:")
    caller.send("111")
    assert caller.page.startswith("A PIN has 4 digits.\nYour PIN:")
    assert caller.send("1111").at == "common.too_many"


def test_a_retry_may_name_what_was_typed(caller):
    caller.dial().send("2", "Narnia")
    assert caller.page.startswith("No office in Narnia.\nYour district:")


def test_values_are_carried_to_later_screens_and_no_further(caller):
    caller.dial().send("1", "1", "4821", "1", "12000")
    assert caller.page.startswith("Noted. It should be Rs 13,500.")
    assert caller.session.kept == {"received": "12000"}
    assert caller.session.frame.values == {"amount": 13500}


def test_rows_are_picked_by_number_over_pages(caller):
    caller.dial().send("1", "2", "4821")
    assert caller.page.startswith("Your payments:\n1 Oct-Dec 2026: Rs 10,000\n2 Jul-Sep 2026")
    caller.send("98")
    assert "\n7 " in f"\n{caller.page}"
    assert caller.send("8").page.startswith("Rs 7 on 3 Nov 2026.")
    assert dict(caller.asked)["payment"].picked == "7"
    assert "\n7 " in f"\n{caller.send('0').page}"  # the page she left
    assert caller.send("13").page.startswith("Choose a number")


def test_long_texts_turn_pages_both_ways(caller):
    first = caller.dial().send("3").page
    assert first.endswith("98 More 0 Back")
    second = caller.send("98").page
    assert second.endswith("0 Back 00 Home")
    assert caller.send("0").page == first
    assert caller.send("0").at == "common.home"
    assert caller.send("98").page.startswith("Choose a number")


def test_a_reason_stays_while_pages_turn(caller):
    caller.dial().send("3", "7")
    assert caller.page.startswith("Choose a number from the list.\nWe keep")
    assert caller.send("98", "0").page.startswith("Choose a number from the list.\nWe keep")


def test_urdu_digits_are_digits(caller):
    assert caller.dial().send("۱").at == "money.home"


def test_a_shortcut_opens_its_screen(caller):
    caller.dial(screen="money.latest")
    assert (caller.at, caller.session.pending) == ("gate.pin", "money.latest")
    assert caller.send("4821").at == "money.ready"
    assert caller.send("0").at == "common.home"


def test_a_shortcut_waits_for_the_language(caller):
    assert caller.dial(language=None, screen="office.district").at == "language.list"
    assert caller.send("2").at == "office.district"


def test_the_language_is_not_asked_twice(caller):
    assert caller.dial(language=None, screen="language.choose").send("2").at == "common.home"


def test_a_dropped_caller_is_asked_to_go_on_and_her_pin_again(caller, engine):
    caller.dial().send("1", "1", "4821", "1")
    assert engine.resume_entry(caller.session) == "money.latest"
    caller.dial(resume="money.latest")
    assert caller.page.startswith("The call was cut.\n1 Go on\n2 Start again")
    assert caller.send("1").at == "gate.pin"
    assert caller.send("4821").at == "money.ready"


def test_she_may_start_again(caller):
    assert caller.dial(resume="money.latest").send("2").at == "common.home"


def test_the_offer_waits_for_the_language(caller):
    assert caller.dial(language=None, resume="money.latest").send("2").at == "resume.offer"
    assert caller.send("1").session.pending == "money.latest"


@pytest.mark.parametrize(
    ("keys", "entry"),
    [
        ((), None),
        (("1",), "money.home"),
        (("1", "1"), "money.latest"),
        (("2",), "office.district"),
        (("2", "Lahore"), "office.district"),
        (("1", "2", "4821", "1"), "money.history"),
        (("4", "2", "3"), None),
    ],
)
def test_where_she_can_go_on(caller, engine, keys, entry):
    assert engine.resume_entry(caller.dial().send(*keys).session) == entry


def test_a_core_that_is_away_leaves_the_answer_to_an_sms(caller):
    caller.answers["latest"] = CoreUnreachable("down")
    caller.dial().send("1", "1", "4821")
    assert (caller.at, caller.turn.page.end) == ("common.by_sms", True)
    deferred = caller.turn.deferred
    assert (deferred.verb, deferred.screen, deferred.person, deferred.answer) == (
        "latest",
        "money.latest",
        7,
        None,
    )
    assert deferred.key == f"dial/money.latest/{len(caller.trail)}"


def test_what_was_typed_is_deferred_with_it_but_never_a_pin(caller):
    caller.answers |= {"find_offices": CoreUnreachable("down"), "check_pin": CoreUnreachable("down")}
    assert caller.dial().send("2", "Lahore").turn.deferred.answer == "Lahore"
    assert caller.dial().send("1", "1", "4821").at == "common.busy"
    assert caller.turn.deferred is None


def test_nothing_is_owed_where_nothing_was_promised(caller):
    caller.answers["send_alerts"] = CoreUnreachable("down")
    assert caller.dial().send("4", "1").at == "common.busy"
    assert caller.turn.deferred is None


def test_past_the_deadline_the_core_is_not_asked(caller):
    caller.dial()
    caller.seconds = 0
    assert caller.send("1", "1").at == "common.busy"
    assert "linked" not in caller.verbs()


@pytest.mark.parametrize("broken", [ValueError("4821"), Outcome("nonsense"), Outcome("ready")])
def test_a_broken_verb_ends_in_an_apology_or_by_sms(caller, broken):
    caller.answers["latest"] = broken
    caller.dial().send("1", "1", "4821")
    assert caller.at == ("common.by_sms" if isinstance(broken, ValueError) else "common.trouble")
    assert caller.turn.page.end


def test_a_verb_that_never_asks_the_core_has_no_sms_to_fall_back_on(caller):
    caller.answers["offered_languages"] = ValueError("broken")
    assert caller.dial(language=None).at == "common.trouble"


def test_gates_that_are_never_passed_do_not_go_round_for_ever(caller):
    caller.answers["linked"] = Outcome("one")
    caller.dial().send("1", "1")
    assert (caller.at, caller.turn.page.end) == ("common.trouble", True)


def test_an_ended_session_stays_ended(caller):
    ended = caller.dial().send("9", "9", "9").turn
    again = caller.send("1").turn
    assert (again.page, again.number, again.edges) == (ended.page, ended.number, ())


def test_keys_of_idempotency_are_the_step_not_the_try(caller, engine):
    caller.dial().send("1", "1", "4821")
    first = [ask.key for _, ask in caller.asked]
    caller.asked.clear()
    caller.trail = ""
    caller.dial().send("1", "1", "4821")
    assert [ask.key for _, ask in caller.asked] == first
    assert first[-1] == "dial/money.latest/8"


def test_the_record_of_a_turn(caller):
    turn = caller.dial().send("1", "1", "4821").turn
    assert (turn.number, turn.screen_from, turn.screen_to, turn.trail_length) == (
        4,
        "gate.pin",
        "money.ready",
        8,
    )
    assert [(call.verb, call.outcome, call.grants) for call in turn.calls] == [
        ("check_pin", "right", ("pin",)), ("latest", "ready", ())
    ]  # fmt: skip
    assert turn.calls[1].values == {"amount": 13500, "programme": "kafaalat", "place": "HBL Saddar"}
    assert turn.millis >= sum(call.millis for call in turn.calls)


@pytest.mark.parametrize(
    ("keys", "decided"), [((), False), (("1",), False), (("1", "1"), True), (("2", "Lahore"), True)]
)
def test_past_a_decision(caller, keys, decided):
    assert caller.dial().send(*keys).session.decided is decided


def test_a_registry_name_cannot_turn_a_page_into_ucs2(caller):
    caller.answers["latest"] = Outcome(
        "ready", {"amount": 1, "programme": "kafaalat", "place": "Café – لاہور"}
    )
    assert "Café - ?????" in caller.dial().send("1", "1", "4821").page


def test_by_text_a_question_takes_its_answer(caller):
    caller.write("check.cnic", "35202-1234501-2")
    assert caller.page == "8171: This CNIC is eligible. Pay nobody."
    assert (caller.turn.page.end, caller.turn.keys, caller.session.medium) == (True, "*5012", "sms")
    assert caller.asked[0][1].medium == "sms"


def test_by_text_a_bad_answer_says_why(caller):
    assert caller.write("check.cnic", "hello").page == "A CNIC has 13 digits.\nCNIC, 13 digits:"


def test_by_text_a_gate_ends_it_with_its_own_words(caller):
    assert caller.write("money.latest").page == "That needs your PIN. Dial *8171*1#"


def test_by_text_a_menu_is_said_without_its_options(caller):
    assert caller.write("common.home").page == "Small book"


def test_by_text_rows_are_said(caller):
    assert caller.write("office.district", "Lahore").page == "Offices in Lahore:\nModel Town"


def test_by_text_a_long_list_is_cut_at_three_segments(caller):
    rows = tuple({"id": str(n), "office": f"Office number {n:03d}"} for n in range(60))
    caller.answers["find_offices"] = Outcome("found", {"district": "Lahore", "offices": rows})
    said = caller.write("office.district", "Lahore").page
    assert parts(said)[1] == 3
    assert said.startswith("Offices in Lahore:\nOffice number 000")
    assert said.endswith("\n..")
    kept = said.count("\n") - 1
    assert parts(f"{said}\nOffice number {kept:03d}")[1] == 4


def test_a_deferred_answer_is_given_by_text(caller, engine):
    session, _ = engine.open("late", "key", Opening("en"), caller.run())
    session.person, session.granted = 7, {"phone", "person", "pin"}
    turn = engine.text(session, "money.latest", None, caller.run())
    assert turn.page.text == "8171: Rs 13,500 is ready at HBL Saddar."
    assert turn.calls[0].verb == "latest"
