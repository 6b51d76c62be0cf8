"""The loan, the health card and places near, dialled on the whole gateway: the demo cast, real parts, the real menus."""

import pytest
from sqlalchemy import select

from gateway.core.embedded.tables import application, case_
from tests.transcripts.script import cast

CAST = cast()
EN, ROMAN = "en", "ur_Latn"


class Caller:
    """One of the cast (or a phone of nobody) who has chosen a language before."""

    def __init__(self, gateway, key="", number="", language=EN):
        self.gateway, self.row = gateway, CAST.get(key, {})
        self.phone = gateway.phone(number or self.row["phone"])
        gateway.services.core.registry.choose_language(self.phone.number, language, "before")

    def dial(self, code, *keys):
        self.phone.dial(code)
        if self.row.get("pin") and code != "*8171#":
            self.phone.send(self.row["pin"])
        return self.walk(*keys)

    def walk(self, *keys):
        for key in keys:
            self.phone.send(key)
        return self

    @property
    def whole(self):
        """The page with all that `98` still brings."""
        text = self.phone.screen
        while "98 " in self.phone.screen:
            text += "\n" + self.phone.send("98")
        return text

    def cases(self):
        with self.gateway.services.database.reading() as connection:
            return connection.execute(
                select(
                    case_.c.reference, case_.c.category, case_.c.subject, case_.c.urgent, case_.c.target_on
                )
            ).all()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (EN, ("Rs 23,335 left of Rs 40,000", "Rs 3,333 by 2 Dec 2026", "Akhuwat Sialkot")),
        (ROMAN, ("Rs 23,335 baqi", "Rs 3,333, 2 Dec 2026 tak", "Akhuwat Sialkot")),
        ("ur", ("23,335 روپے باقی", "3,333 روپے", "2026")),
    ],
)
def test_the_loan_is_heard_amount_first_behind_the_pin(gateway, language, words):
    caller = Caller(gateway, "loan", language=language)
    caller.phone.dial("*8171*14#")
    assert "23,335" not in caller.phone.screen
    caller.walk(CAST["loan"]["pin"])
    assert words[0].split()[0] == caller.phone.screen.split()[0]
    whole = caller.whole
    assert all(each in whole for each in words)


def test_a_wrong_receipt_becomes_a_case_about_it_once(gateway):
    caller = Caller(gateway, "loan").dial("*8171*14#", "1")
    assert "Rs 16,665 paid so far" in caller.phone.screen
    assert "Instalment 4" in caller.walk("2").phone.screen
    told = caller.walk("1").phone.screen
    (case,) = caller.cases()
    assert (case.category, case.subject.partition(":")[0], case.urgent) == ("loan", "repayment", False)
    assert told.startswith(case.reference)
    again = Caller(gateway, "loan").dial("*8171*14#", "1", "2", "1")
    assert case.reference in again.phone.screen
    assert "already" in again.phone.screen
    assert len(again.cases()) == 1


def test_a_late_loan_names_what_is_late_before_all_else(gateway):
    whole = Caller(gateway, "wallet").dial("*8171*14#").whole
    assert whole.startswith("Rs 6,000 late since 8 Oct 2026")
    assert "Next: Rs 3,000 by 7 Dec 2026" in whole


def test_applying_twice_is_one_application(gateway):
    first = Caller(gateway, "disabled").dial("*8171*14#", "1").phone.screen
    with gateway.services.database.reading() as connection:
        (asked,) = connection.execute(select(application)).all()
    assert first.startswith(asked.reference)
    assert (asked.programme, asked.state) == ("loan", "received")
    again = Caller(gateway, "disabled").dial("*8171*14#").phone.screen
    assert f"{asked.reference}: received" in again
    with gateway.services.database.reading() as connection:
        assert len(connection.execute(select(application)).all()) == 1


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("above", "44.20 is over the limit"),
        ("biometric", "age is outside the limits"),
        ("expired", "NADRA"),
        ("review", "being checked"),
        ("resurvey", "Rs 20,000 is paid back in full"),
    ],
)
def test_who_may_not_have_a_loan_hears_why(gateway, key, words):
    assert words in Caller(gateway, key).dial("*8171*14#").phone.screen


def test_terms_and_the_centre_need_no_identity(gateway):
    caller = Caller(gateway, number="+923001234520").dial("*8171#", "4", "3", "2")
    assert caller.phone.screen.startswith("Rs 20,000 to Rs 75,000")
    caller.walk("0", "3", "zzqq")
    assert "No tehsil found" in caller.phone.screen
    assert "1 Akhuwat Sialkot" in caller.walk("sialkot").phone.screen
    assert "Kutchery Road" in caller.walk("1").phone.screen


@pytest.mark.parametrize(
    ("language", "balances"),
    [
        (EN, "Rs 40,000 left for hospital, Rs 400,000 for grave illness"),
        (ROMAN, "Rs 40,000 hospital, Rs 400,000 bari beemari"),
    ],
)
def test_both_balances_of_the_card_and_the_hospitals_near(gateway, language, balances):
    caller = Caller(gateway, "sehat", language=language).dial("*8171*13#")
    assert caller.phone.screen.startswith(balances)
    caller.walk("2", "1")
    assert "1 DHQ Hospital Sheikhupura\n2 Social Security Hospital\n3 " in caller.phone.screen
    assert "056-0000103" in caller.walk("1").phone.screen


def test_a_service_leads_past_the_hospitals_that_lack_it(gateway):
    caller = Caller(gateway, "sehat").dial("*8171#", "4", "2", "6")
    assert "1 Allied Hospital\n2 Nishtar Hospital Multan" in caller.phone.screen
    assert "Which tehsil?\n1 Liaquatabad\n2 Lyari" in caller.walk("3", "karachi").phone.screen
    assert "CMC Hospital Larkana" in caller.walk("2").phone.screen


def test_a_refused_card_is_an_urgent_case_about_the_hospital(gateway):
    caller = Caller(gateway, "sehat").dial("*8171*13#", "3", "1")
    (case,) = caller.cases()
    assert (case.category, case.subject, case.urgent) == ("card_refused", "hospital:dhq-sheikhupura", True)
    assert str(case.target_on) == "2026-11-24"
    assert caller.phone.screen.startswith(
        f"{case.reference} is your number. It is urgent: answer by 24 Nov 2026"
    )
    other = Caller(gateway, "sehat").dial("*8171*13#", "3", "3")
    assert [each.subject for each in other.cases()] == ["hospital:dhq-sheikhupura", ""]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("stipends", "At Lahore General Hospital since 20 Nov 2026: care goes on even at Rs 0"),
        ("above", "ended on 17 Oct 2026"),
        ("nashonuma", "not given in your district"),
        ("disabled", "may have the card but is not on the list"),
        ("wallet", "is not on the list"),
    ],
)
def test_how_other_cards_stand(gateway, key, words):
    assert words in Caller(gateway, key).dial("*8171*13#").whole


def test_clinics_near_a_tehsil_that_is_typed(gateway):
    caller = Caller(gateway, number="+923001234520").dial("*8171#", "6", "2", "3", "swat")
    assert "1 Health Centre Mingora" in caller.phone.screen
    assert "0946-0000214" in caller.walk("1").phone.screen
