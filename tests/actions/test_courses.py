"""Courses: what a caller hears near her home or a place she types, and what comes of applying."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from gateway.core.port import Application, ApplicationState, Applied, Course, Learner, LinkedPerson
from tests.actions.small_core import SmallDirectory, SmallRegistry, ask, small_core

TAILORING = Course(
    code="tailoring-1",
    programme="skills",
    trade="tailoring",
    centre="TEVTA Model Town",
    tehsil="Model Town",
    starts_on=date(2026, 12, 9),
    ends_on=date(2027, 3, 9),
    apply_until=date(2026, 12, 2),
    left=3,
    sex="F",
    age_from=14,
    age_to=50,
)
HER = LinkedPerson(7, "5012", has_pin=True, details_by_sms=True)
MADE = Application(
    "12345678", "skills", "x", ApplicationState.RECEIVED, "", date(2026, 11, 22), date(2026, 11, 22)
)


@dataclass
class SmallCourses:
    offered: tuple[Course, ...] = (TAILORING,)
    answer: Applied = field(default_factory=lambda: Applied("applied", MADE))
    learners: tuple[Learner, ...] = ()
    asked: list = field(default_factory=list)

    def near(self, programme, tehsil, limit=6):
        self.asked.append((programme, tehsil))
        return tuple(each for each in self.offered if each.programme == programme)

    def course(self, code):
        return next((each for each in self.offered if each.code == code), None)

    def children(self, person, code):
        return self.learners

    def apply(self, person, code, phone, key, *, channel, child=None):
        self.asked.append((person, code, key, channel, child))
        return self.answer


def core_of(courses, linked=(HER,), **directory):
    return small_core(courses=courses, registry=SmallRegistry(linked), directory=SmallDirectory(**directory))


def test_it_is_near_her_home_where_that_is_known(run):
    courses = SmallCourses()
    outcome = run("near_skills", core_of(courses), ask(person=None))
    assert outcome.name == "listed"
    assert [row["trade"] for row in outcome.values["courses"]] == ["tailoring"]
    assert courses.asked == [("skills", "Model Town")]
    assert run("near_learning", core_of(courses), ask(person=None)).name == "none"


@pytest.mark.parametrize("linked", [(), (HER, replace(HER, id=9)), (replace(HER, alive=False),)])
def test_otherwise_the_place_is_asked(run, linked):
    assert run("near_skills", core_of(SmallCourses(), linked), ask(person=None)).name == "where"


@pytest.mark.parametrize(
    ("names", "outcome"),
    [(("Multan City",), "listed"), (("Multan City", "Mardan"), "similar"), ((), "unknown")],
)
@pytest.mark.parametrize("name", ["find_skills", "near_skills"])
def test_a_typed_place_is_found_or_its_spellings_offered(run, name, names, outcome):
    core = core_of(SmallCourses(), tehsil_names=names)
    found = run(name, core, ask(answer="multan"))
    assert found.name == outcome
    if outcome == "similar":
        picked = run("courses_there", core, ask(picked="Multan City", kept=found.keep))
        assert (picked.name, picked.values["tehsil"]) == ("listed", "Multan City")


@pytest.mark.parametrize(("left", "outcome"), [(1, "open"), (0, "full")])
def test_a_picked_course_is_told_in_full(run, left, outcome):
    courses = SmallCourses((replace(TAILORING, left=left),))
    found = run("picked_course", core_of(courses), ask(picked="tailoring-1"))
    assert (found.name, found.values["left"], found.values["who"]) == (outcome, left, "F")
    assert run("picked_course", core_of(courses), ask(picked="gone")).name == "gone"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Applied("applied", MADE), "applied"),
        (Applied("already", MADE), "already"),
        (Applied("full"), "full"),
        (Applied("refused", code="UNFIT"), "unfit"),
        (Applied("refused", code="NOT_OPEN"), "closed"),
        (Applied("refused", code="NOT_SURVEYED"), "survey_needed"),
        (Applied("refused", code="PMT_ABOVE"), "refused"),
    ],
)
@pytest.mark.parametrize("verb", ["apply_for_me", "apply_for_child"])
def test_applying_says_what_came_of_it(run, verb, answer, outcome):
    courses = SmallCourses(answer=answer)
    made = run(verb, core_of(courses), ask(kept={"course": "tailoring-1"}, picked="11", key="k"))
    assert made.name == outcome
    assert courses.asked == [(7, "tailoring-1", "k", "ussd", None if verb == "apply_for_me" else 11)]


def test_her_children_are_listed_without_their_names(run):
    courses = SmallCourses(learners=(Learner(11, "F", 15), Learner(12, "M", 14)))
    found = run("children_for_course", core_of(courses), ask(kept={"course": "tailoring-1"}))
    assert found.values["children"] == (
        {"id": "11", "child": "F", "age": 15},
        {"id": "12", "child": "M", "age": 14},
    )
    assert run("children_for_course", core_of(SmallCourses()), ask()).name == "none"
