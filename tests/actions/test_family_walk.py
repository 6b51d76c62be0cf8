"""School and Nashonuma on the real gateway with the demo cast: by phone, in each language, down to the stored case."""

import re

import pytest
from sqlalchemy import select

from gateway.core.embedded import tables

STIPENDS, NASHONUMA, WALLET = "+923001234502", "+923001234512", "+923001234519"
READY, RESURVEY, ABOVE = "+923001234501", "+923001234518", "+923001234506"


def dialled(gateway, number, code, *keys, language="2"):
    """Dial an extension in a language (1 Roman Urdu, 2 English, 3 Urdu), give keys; the page with all that 98 brings."""
    phone = gateway.phone(number)
    phone.dial(code)
    phone.walk(language, *keys)
    return phone, whole(phone)


def whole(phone):
    text = phone.screen
    while re.search(r"^98 ", phone.screen, re.MULTILINE):
        text += "\n" + phone.send("98")
    return text


def cases(gateway):
    with gateway.services.database.reading() as connection:
        return connection.execute(
            select(tables.case_.c.category, tables.case_.c.subject, tables.case_.c.reference).order_by(
                tables.case_.c.id
            )
        ).all()


def test_stipends_hears_of_each_child(gateway):
    phone, page = dialled(gateway, STIPENDS, "*8171*11#")
    assert "2,000" not in page
    page = phone.send("5930")
    assert "1 Ayesha, secondary: held\n2 Hamza, primary: ready" in page
    page = phone.send("2")
    assert page.startswith(
        "Rs 2,000 ready for Hamza, primary. Attendance 84%.\nPlace: HBL Konnect Kot Lakhpat"
    )
    phone.send("0")
    page = phone.send("1")
    assert page.startswith("Rs 3,500 held for Ayesha: attendance 61%, 70% needed, Jul-Sep 2026.")


def test_money_of_a_child_stands_apart_from_her_own(gateway):
    phone, _ = dialled(gateway, STIPENDS, "*8171*1#", "5930")
    assert phone.screen.startswith("Rs 2,000 ready: Ehsaas/Benazir school money.")
    phone, page = dialled(gateway, STIPENDS, "*8171*3#", "5930")
    assert page.count("Rs 13,500") == 2
    assert (page.count("Rs 2,000"), page.count("Rs 3,500")) == (2, 2)


@pytest.mark.parametrize(("language", "percent"), [("1", "61%"), ("2", "61%"), ("3", "61%")])
def test_why_it_is_held_in_each_language(gateway, language, percent):
    phone, _ = dialled(gateway, STIPENDS, "*8171*11#", "5930", language=language)
    phone.send("1")
    page = whole(phone)
    assert percent in page
    assert "70%" in page
    assert "3,500" in page


def test_a_wrong_attendance_and_a_changed_school_are_two_cases(gateway):
    phone, _ = dialled(gateway, STIPENDS, "*8171*11#", "5930", "1", "1", "1")
    phone.send("00")
    phone.walk("3", "1", "1", "1", "2")
    again, _ = dialled(gateway, STIPENDS, "*8171*11#", "5930", "1", "1", "2")
    opened = cases(gateway)
    assert [row.category for row in opened] == ["school_record", "school_record"]
    assert re.fullmatch(r"attendance:\d+:2026Q3", opened[0].subject)
    assert re.fullmatch(r"student:\d+", opened[1].subject)
    assert opened[1].reference in again.screen
    assert "already" in again.screen


def test_a_slip_that_is_missing_and_a_child_not_enrolled(gateway):
    phone, page = dialled(gateway, RESURVEY, "*8171*11#", "3993")
    assert page.startswith("Rs 3,500 a quarter for Nimra, secondary, once the school slip is in.")
    assert "B-form" in phone.send("1")
    _, page = dialled(gateway, WALLET, "*8171*11#", "7510")
    assert page.startswith("Rs 2,500 a quarter is possible for Eman, primary.")
    _, page = dialled(gateway, ABOVE, "*8171*11#", "1592")
    assert page.startswith("School money for Hassan is for families in Kafaalat.")


def test_nashonuma_hears_of_her_next_visit(gateway):
    phone, page = dialled(gateway, NASHONUMA, "*8171*12#", "4338")
    assert page.startswith(
        "Rs 2,000 for you, Oct-Dec 2026: after the visits.\n1 Dec 2026: pregnancy check, Nashonuma Larkana\n"
        "Food packet: 1 Dec 2026"
    )
    assert "Bunder Road" in phone.send("1")
    phone.send("0")
    page = phone.send("2")
    ((category, subject, reference),) = cases(gateway)
    assert (category, bool(re.fullmatch(r"nutrition_case:\d+", subject))) == ("clinic_record", True)
    assert reference in page


def test_a_late_visit_of_a_baby_and_a_mother_without_a_case(gateway):
    _, page = dialled(gateway, WALLET, "*8171*12#", "7510")
    assert page.startswith(
        "Rs 2,500 for Zoya, Oct-Dec 2026: held, a visit is late.\nvaccine was due 19 Nov 2026"
    )
    _, page = dialled(gateway, READY, "*8171*12#", "4821")
    assert page.startswith("Pregnant, or a child under 2?")


def test_alerts_name_no_child_and_no_nashonuma(gateway):
    bodies = [message.body for message in gateway.services.outbox.recent(limit=200)]
    assert any("2,000" in body for body in bodies)
    assert not any(name in body for body in bodies for name in ("Hamza", "Ayesha", "Zoya", "Nashonuma"))
