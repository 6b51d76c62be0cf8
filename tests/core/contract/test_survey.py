from datetime import timedelta

from gateway import clock
from gateway.core.port import Purpose

READY, RESURVEY, REVIEW, UNSURVEYED = "+923001234501", "+923001234518", "+923001234509", "+923001234508"
PHONE = "+923001234501"


def hers(core, phone):
    (she,) = core.registry.persons_on(phone)
    return she.id


def test_the_survey_of_a_household(core):
    survey = core.surveys.of(hers(core, READY))
    assert (survey.status, survey.resurvey_by, survey.may_repeat) == ("surveyed", None, False)
    assert survey.surveyed_on < clock.today() < survey.next_on
    assert (survey.office.name, survey.office.code) == ("BISP Lahore City", "bisp-lahore_city")


def test_a_survey_that_nser_asks_for(core):
    survey = core.surveys.of(hers(core, RESURVEY))
    assert (survey.resurvey_by, survey.may_repeat) == (clock.today() + timedelta(days=60), True)


def test_a_survey_that_is_being_checked(core):
    assert core.surveys.of(hers(core, REVIEW)).status == "pending"


def test_a_token_is_booked_followed_and_cancelled(core):
    she = hers(core, READY)
    token = core.bookings.book(Purpose.CNIC_UPDATE, PHONE, "k", channel="ussd", person=she).booking
    followed = core.tracking.track(token.reference, PHONE)
    assert (followed.topic, followed.state, followed.target_on, followed.place) == (
        "cnic_update", "booked", token.on_day, token.office,
    )  # fmt: skip
    assert core.bookings.cancel(token.reference, PHONE) == "cancelled"
    assert core.tracking.open_of(she) == ()


def test_a_strangers_token(core):
    (lahore, *_) = core.directory.offices("Lahore")
    token = core.bookings.book(
        Purpose.NEW_SURVEY, UNSURVEYED, "k", channel="ussd", office=lahore.code
    ).booking
    assert token.office == lahore.name
    assert core.tracking.track(token.reference, UNSURVEYED).topic == "new_survey"
