"""The files of Nashonuma: cases at the centres, and the visits of each."""

from gateway.core.embedded.files.fields import Field, cnic, code, day, one_of, past_day, whole
from gateway.core.embedded.files.merge import Tally, numbers_of
from gateway.core.embedded.files.places import of_kind
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import NUTRITION_STATUSES, clinic_visit, nutrition_case
from gateway.core.port import NUTRITION_STAGES, VISIT_KINDS

_CENTRE = "nutrition_centre"


def _take_cases(work: Work, rows: list[Row]) -> Tally:
    paired = work.of_persons(of_kind(work, rows, "centre", _CENTRE), "mother")
    children = work.persons([row["child"] for row, _ in paired if row["child"]], "bform_key")
    columns = ("code", "stage", "centre", "registered_on", "status")
    taken = []
    for row, mother in paired:
        if row["child"] is not None and row["child"] not in children:
            work.sheet.fault(row.line, "child", "is of nobody in the registry")
        elif row["stage"] == "child" and row["child"] is None:
            work.sheet.fault(row.line, "child", "is missing: the case is a child's")
        else:
            child = children.get(row["child"])
            taken.append({"mother": mother, "child": child, **{name: row[name] for name in columns}})
    return work.merge(nutrition_case, ("code",), taken)


def _take_visits(work: Work, rows: list[Row]) -> Tally:
    sound = of_kind(work, work.naming(rows, "case", nutrition_case), "centre", _CENTRE)
    cases = numbers_of(work.connection, nutrition_case, "code", [row["case"] for row in sound])
    columns = ("number", "kind", "due_on", "done_on", "centre")
    taken = [{"case": cases[row["case"]], **{name: row[name] for name in columns}} for row in sound]
    return work.merge(clinic_visit, ("case", "number"), taken)


NUTRITION_CASES = FileKind(
    "nutrition_cases.csv",
    (
        Field("code", code),
        Field("mother", cnic),
        Field("child", cnic, None),
        Field("stage", one_of(NUTRITION_STAGES)),
        Field("centre", code),
        Field("registered_on", past_day),
        Field("status", one_of(NUTRITION_STATUSES), "active"),
    ),
    (("code",),),
    _take_cases,
)
CLINIC_VISITS = FileKind(
    "clinic_visits.csv",
    (
        Field("case", code),
        Field("number", whole(1, 99)),
        Field("kind", one_of(VISIT_KINDS)),
        Field("due_on", day),
        Field("done_on", past_day, None),
        Field("centre", code, None),
    ),
    (("case", "number"),),
    _take_visits,
)
