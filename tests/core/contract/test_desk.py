"""The desk on every core and database: masked unless asked for, whole where it must be."""

import pytest

from gateway.core.port import HIDDEN_FIELDS, Asked
from gateway.privacy import Vault

SHAZIA, PHONE = "3520212345012", "+923001234501"


@pytest.fixture
def her(core):
    return core.desk.person_of(SHAZIA)


def key(phone):
    return Vault({"test": b"k" * 32}).phone_key(phone)


def test_who_holds_a_cnic(core, her):
    assert her is not None
    assert core.desk.person_of("3520299999992") is None


def test_her_identity_is_masked(core, her):
    one = core.desk.identity(her)
    assert (one.her.name, one.her.last4, one.her.sex, one.her.alive) == ("S... B...", "5012", "F", True)
    assert (one.district, one.tehsil, one.household_size) == ("Lahore", "Lahore City", 4)
    assert (one.cnic_state, one.survey_status) == ("valid", "surveyed")
    assert [kin.relation for kin in one.kin].count("head") == 1
    assert all(kin.same_unit and "..." in kin.name for kin in one.kin)
    assert core.desk.identity(999_999) is None


def test_her_phones_and_whom_a_phone_speaks_for(core, her):
    (link,) = core.desk.links_of(her)
    assert (link.masked, link.status, link.how, link.has_pin, link.details_by_sms) == (
        "+92*******501", "verified", "sim_match", True, True,
    )  # fmt: skip
    assert [allowed for _, allowed, _ in link.consents] == [True]
    assert [one.person for one in core.desk.linked_to([key(PHONE)])] == [her]
    shared = core.desk.linked_to([key("+923001234515")])
    assert len({one.person for one in shared}) == 2
    assert [kin.last4 for kin in core.desk.masked([one.person for one in shared])] == ["5156", "5168"]
    assert core.desk.masked([]) == ()


def test_decisions_of_today_are_not_stored_by_looking(core, her):
    judged = {one.programme: one for one in core.desk.judged(her)}
    assert judged["kafaalat"].outcome == "enrolled"
    assert all(reason.passed for reason in judged["kafaalat"].reasons)
    assert core.desk.decided(her) == ()
    core.eligibility.decide(her, "kafaalat")
    (stored,) = core.desk.decided(her)
    assert (stored.programme, stored.outcome, stored.code) == ("kafaalat", "enrolled", "")
    assert {one.programme for one in core.desk.enrolments(her)} >= {"kafaalat"}
    assert core.desk.judged(999_999) == ()


def test_what_was_asked_for_is_found_by_its_reference_and_its_phone(core, her):
    case = core.cases.open("protection", PHONE, "k1", channel="ussd", person=her).case
    nobodys = core.cases.open("scam", "+923001234520", "k2", channel="ussd").case
    found = core.desk.request(case.reference)
    assert (found.asked, found.person, found.topic, found.confidential) == (
        Asked.CASE,
        her,
        "protection",
        True,
    )
    assert [one.reference for one in core.desk.requests_of(her)] == [case.reference]
    (other,) = core.desk.requests_from([key("+923001234520")])
    assert (other.reference, other.person, other.confidential) == (nobodys.reference, None, False)
    assert core.desk.request("29999999") is None
    assert core.desk.request("99999999") is None


def test_hidden_fields_one_at_a_time(core, her):
    assert {field: core.desk.hidden(her, field) for field in HIDDEN_FIELDS} == {
        "name": ("Shazia Bibi",),
        "cnic": (SHAZIA,),
        "phone": (PHONE,),
        "address": ("House 14, street 3, Mozang",),
    }
    with pytest.raises(ValueError, match="no such field"):
        core.desk.hidden(her, "pin")
