"""The files of schools: who is a student where, and how often each was there in a quarter."""

from gateway.core.embedded.files.fields import Field, cnic, code, one_of, past_day, period, text, whole
from gateway.core.embedded.files.merge import Tally, numbers_of
from gateway.core.embedded.files.places import of_kind
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import STUDENT_STATUSES, attendance, student
from gateway.core.port import SCHOOL_LEVELS, SLIP_STATUSES

# The grades of each level; 0 is the class before the first.
_GRADES = {"primary": range(6), "secondary": range(6, 11), "higher_secondary": range(11, 13)}


def _take_students(work: Work, rows: list[Row]) -> Tally:
    fitting = []
    for row in rows:
        grades = _GRADES[row["level"]]
        if row["grade"] in grades:
            fitting.append(row)
        else:
            work.sheet.fault(
                row.line, "grade", f"is no grade of {row['level']} ({grades[0]} to {grades[-1]})"
            )
    columns = ("school", "level", "grade", "slip_status", "enrolled_on", "status")
    taken = [
        {"child": child, **{name: row[name] for name in columns}}
        for row, child in work.of_persons(of_kind(work, fitting, "school", "school"), "child")
    ]
    return work.merge(student, ("child",), taken)


def _take_attendance(work: Work, rows: list[Row]) -> Tally:
    paired = work.of_persons(rows, "student")
    known = numbers_of(work.connection, student, "child", [child for _, child in paired])
    taken = []
    for row, child in paired:
        if child not in known:
            work.sheet.fault(row.line, "student", "is no student")
        elif row["days_present"] > row["days_open"]:
            work.sheet.fault(row.line, "days_present", "is more than days_open")
        else:
            columns = ("quarter", "days_open", "days_present", "verified_by")
            taken.append({"student": known[child], **{name: row[name] for name in columns}})
    return work.merge(attendance, ("student", "quarter"), taken)


STUDENTS = FileKind(
    "students.csv",
    (
        Field("child", cnic),
        Field("school", code),
        Field("level", one_of(SCHOOL_LEVELS)),
        Field("grade", whole(0, 12)),
        Field("slip_status", one_of(SLIP_STATUSES)),
        Field("enrolled_on", past_day),
        Field("status", one_of(STUDENT_STATUSES), "active"),
    ),
    (("child",),),
    _take_students,
)
ATTENDANCE = FileKind(
    "attendance.csv",
    (
        Field("student", cnic),
        Field("quarter", period),
        Field("days_open", whole(0, 92)),
        Field("days_present", whole(0, 92)),
        Field("verified_by", text(60), ""),
    ),
    (("student", "quarter"),),
    _take_attendance,
)
