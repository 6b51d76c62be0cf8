"""Courses: near a place, for whom, and seats that never run below nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from gateway import clock
from gateway.core.embedded.tables import course, person
from gateway.core.port import ApplicationState

READY, STIPENDS, FATHER = "+923001234501", "+923001234502", "+923001234510"
TAILORING, ONE_SEAT = "model-town-tailoring", "islamabad-graphic"


def of(core, number):
    return core.registry.persons_on(number)[0].id


def change(core, code, **values):
    with core.imports.database.writing() as connection:
        connection.execute(update(course).where(course.c.code == code).values(values))


def born(core, who, day):
    with core.imports.database.writing() as connection:
        connection.execute(update(person).where(person.c.id == who).values(born_on=day))


def taken(core, code):
    with core.imports.database.reading() as connection:
        return connection.scalar(select(course.c.taken).where(course.c.code == code))


def apply(core, who, code=TAILORING, key="k", **more):
    return core.courses.apply(who, code, READY, key, channel="ussd", **more)


def test_the_nearest_come_first_and_those_without_seats_last(core):
    near = [each.code for each in core.courses.near("skills", "Model Town")]
    assert near[0] == TAILORING
    assert set(near[1:3]) == {"lahore-beautician", "lahore-mobile"}
    change(core, TAILORING, taken=2)
    assert core.courses.near("skills", "Model Town")[-1].code == TAILORING


def test_another_province_and_a_course_that_is_closed_are_not_offered(core):
    codes = {each.code for each in core.courses.near("skills", "Multan City", 50)}
    assert "multan-computer" in codes
    assert not codes & {"multan-past", "larkana-tailoring"}
    assert core.courses.near("skills", "Babuzai") == core.courses.near("skills", "Peshawar City")
    assert core.courses.near("learning", "Quetta City") == ()
    assert core.courses.near("skills", "Atlantis") == ()


@pytest.mark.parametrize(("days", "open_"), [(0, True), (-1, False)])
def test_the_last_day_to_apply_is_a_day_to_apply(core, days, open_):
    change(core, TAILORING, apply_until=clock.today() + timedelta(days=days))
    assert (TAILORING in {each.code for each in core.courses.near("skills", "Model Town")}) == open_
    made = apply(core, of(core, READY))
    assert (made.outcome, made.code) == (("applied", None) if open_ else ("refused", "NOT_OPEN"))


@pytest.mark.parametrize(
    ("born_on", "fits"),
    [
        (date(2013, 1, 31), True),  # fourteen on the first day
        (date(2013, 2, 1), False),  # the day after
        (date(1976, 1, 31), False),  # fifty-one on the first day
        (date(1976, 2, 1), True),  # fifty for one day more
    ],
)
def test_age_counts_on_the_first_day(core, born_on, fits):
    her = of(core, READY)
    change(core, TAILORING, starts_on=date(2027, 1, 31), ends_on=date(2027, 5, 1))
    born(core, her, born_on)
    assert apply(core, her).outcome == ("applied" if fits else "refused")


def test_a_course_for_women_takes_no_man(core):
    made = apply(core, of(core, FATHER), "sheikhupura-tailoring")
    assert (made.outcome, made.code) == ("refused", "UNFIT")


def test_applying_twice_is_one_application_and_one_seat(core):
    her = of(core, READY)
    first = apply(core, her, key="a")
    assert first.outcome == "applied"
    assert apply(core, her, key="a") == first
    again = apply(core, her, key="b")
    assert (again.outcome, again.application) == ("already", first.application)
    assert taken(core, TAILORING) == 1
    assert core.courses.course(TAILORING).left == 1


def test_a_child_of_hers_has_a_seat_of_its_own(core):
    mother = of(core, STIPENDS)
    change(core, TAILORING, age_from=9)
    [daughter] = core.courses.children(mother, TAILORING)
    assert daughter.sex == "F"
    made = apply(core, mother, key="child", child=daughter.person)
    assert made.application.subject == f"{TAILORING}:{daughter.person}"
    assert apply(core, mother, key="self").outcome == "applied"
    assert taken(core, TAILORING) == 2


def test_nobody_applies_for_the_child_of_another(core):
    change(core, TAILORING, age_from=9)
    [daughter] = core.courses.children(of(core, STIPENDS), TAILORING)
    made = apply(core, of(core, READY), child=daughter.person)
    assert (made.outcome, made.code) == ("refused", "UNFIT")
    assert taken(core, TAILORING) == 0


def test_a_course_that_does_not_exist(core):
    assert apply(core, of(core, READY), "nowhere").code == "NOT_OPEN"
    assert core.courses.course("nowhere") is None


def test_the_last_seat_goes_to_one(core):
    change(core, ONE_SEAT, age_from=0, age_to=120)
    numbers = [f"+9230012345{n:02d}" for n in (1, 2, 3, 4, 12, 18, 19)]
    people = [of(core, number) for number in numbers]
    with ThreadPoolExecutor(7) as pool:
        made = list(pool.map(lambda who: apply(core, who, ONE_SEAT, f"k{who}").outcome, people))
    assert sorted(made) == ["applied", *["full"] * 6]
    assert taken(core, ONE_SEAT) == 1


def test_withdrawing_gives_the_seat_back_once(core):
    her = of(core, READY)
    made = apply(core, her, key="a")
    for _ in range(2):
        assert core.applications.withdraw(her, made.application.reference) == "withdrawn"
    assert taken(core, TAILORING) == 0
    assert apply(core, her, key="b").outcome == "applied"


def test_a_refused_application_gives_its_seat_and_takes_one_again_on_appeal(core):
    her, state = of(core, READY), ApplicationState
    reference = apply(core, her).application.reference
    core.applications.move(reference, state.UNDER_REVIEW, "staff")
    core.applications.move(reference, state.REJECTED, "staff")
    assert taken(core, TAILORING) == 0
    change(core, TAILORING, taken=2)
    with pytest.raises(ValueError, match="no seat"):
        core.applications.move(reference, state.UNDER_REVIEW, "staff")
    change(core, TAILORING, taken=1)
    core.applications.move(reference, state.UNDER_REVIEW, "staff")
    core.applications.move(reference, state.APPROVED, "staff")
    assert taken(core, TAILORING) == 2
    assert apply(core, her, key="later").outcome == "already"
