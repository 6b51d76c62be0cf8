from datetime import date

import pytest

from gateway.core.embedded.files.families import read_units
from gateway.core.embedded.files.fields import (
    Field,
    cnic,
    day,
    one_of,
    past_day,
    period,
    score,
    text,
    whole,
    yes_no,
)
from gateway.core.embedded.files.quoted import quoted
from gateway.core.embedded.files.sheet import Sheet
from gateway.errors import FileFault

FIELDS = (
    Field("name", text(10)),
    Field("cnic", cnic, None),
    Field("sex", one_of(("F", "M", "X"))),
    Field("size", whole(1, 20), 1),
    Field("on", day, None),
)
HEADER = "name,cnic,sex,size,on\n"


def sheet(tmp_path, content, **more) -> Sheet:
    path = tmp_path / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Sheet(path, FIELDS, date(2026, 11, 22), **more)


def faults(tmp_path, content, **more) -> list[str]:
    given = sheet(tmp_path, content, **more)
    list(given.rows())
    return given.faults


def test_sound_rows_with_their_lines_and_values(tmp_path):
    given = sheet(tmp_path, HEADER + 'Amina,35202-1234501-2,F,3,today\n\n" Bano ",,X,,\n')
    first, second = given.rows()
    given.settle()
    assert (first.line, first["cnic"], first["size"], first["on"]) == (
        2,
        "3520212345012",
        3,
        date(2026, 11, 22),
    )
    assert (second.line, second["name"], second["cnic"], second["size"]) == (4, "Bano", None, 1)


def test_columns_come_in_any_order_and_may_lack_what_can_be_blank(tmp_path):
    (row,) = sheet(tmp_path, "\ufeffsex,name\nF,Amina\n").rows()
    assert row.values == {"name": "Amina", "cnic": None, "sex": "F", "size": 1, "on": None}


def test_every_fault_is_named_with_line_and_column(tmp_path):
    content = HEADER + "Amina,123,F,3,\n,,W,99,\nToo long a name,,F,1,tomorrow\nB,,F\n"
    given = sheet(tmp_path, content)
    assert list(given.rows()) == []
    assert [fault.split(":")[:3] for fault in given.faults] == [
        ["people.csv", "2", " cnic"],
        ["people.csv", "3", " name"],
        ["people.csv", "3", " sex"],
        ["people.csv", "3", " size"],
        ["people.csv", "4", " name"],
        ["people.csv", "4", " on"],
        ["people.csv", "5", " has 3 cells, the header 5"],
    ]
    with pytest.raises(FileFault) as raised:
        given.settle()
    assert raised.value.faults == given.faults


def test_a_row_over_several_lines_counts_from_its_first(tmp_path):
    assert faults(tmp_path, HEADER + '"a\nb",,F,1,\nA,,W,1,\n') == [
        "people.csv:2: name: holds a character that cannot be shown",
        "people.csv:4: sex: `W` is none of F, M, X",
    ]


def test_a_cnic_or_phone_never_stands_in_a_fault(tmp_path):
    for fault in faults(tmp_path, HEADER + "A,35202-1234501-29,F,1,\n"):
        assert "35202" not in fault


PERSONAL = (
    "35202-1234501-2",
    "3520212345012",
    "35202 1234501 2",
    "۳۵۲۰۲۱۲۳۴۵۰۱۲",
    "+923001234501",
    "0300-1234501",
)


@pytest.mark.parametrize("given", [*PERSONAL, "Shazia Bibi"])
def test_a_shifted_column_shows_nobody(tmp_path, given):
    readers = [one_of(("F", "M")), whole(1, 9), yes_no, score, day, period, past_day, read_units]
    for read in readers:
        with pytest.raises(ValueError, match=r"\(hidden\)") as raised:
            Field("column", read).read(given, date(2026, 11, 22))
        assert given not in str(raised.value)


@pytest.mark.parametrize("given", PERSONAL)
def test_a_file_without_a_header_shows_nobody(tmp_path, given):
    assert faults(tmp_path, f"Amina,{given},F,1,\n") == [
        "people.csv:1: is no header but a row of values: the columns are name, cnic, sex, size, on"
    ]


@pytest.mark.parametrize("given", ["2026-13-01", "today+3x", "kafalat", "124.10", "quarter.middle"])
def test_what_is_not_personal_is_quoted(given):
    assert quoted(given) == f"`{given}`"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "people.csv:1: is empty: not even a header"),
        ("name,sex,colour\n", "people.csv:1: colour: is no column of this file (name, cnic, sex, size, on)"),
        ("name,name,sex\n", "people.csv:1: name: stands twice in the header"),
        ("name\nA\n", "people.csv:1: sex: is missing in the header"),
        (HEADER.encode() + b"A,,F,1,\nB\xff,,F,1,\n", "people.csv:3: is not UTF-8"),
        (HEADER + 'A,,F,1,\n"B,,F,1,\n', "people.csv:3: is no CSV: unexpected end of data"),
    ],
)
def test_what_is_no_such_file(tmp_path, content, fault):
    assert faults(tmp_path, content) == [fault]


def test_a_file_that_is_not_there(tmp_path):
    given = Sheet(tmp_path / "none.csv", FIELDS, date(2026, 11, 22))
    assert list(given.rows()) == []
    assert given.faults == ["none.csv:1: cannot be read: No such file or directory"]


def test_what_may_not_repeat(tmp_path):
    content = HEADER + "A,35202-1234501-2,F,1,\nB,3520212345012,F,1,\nC,,F,1,\nD,,F,1,\n"
    assert faults(tmp_path, content, uniques=(("cnic",),)) == ["people.csv:3: cnic: stands on line 2 already"]


def test_progress_is_told_in_bytes_up_to_the_end(tmp_path):
    told = []
    content = HEADER + "Amina,,F,1,\n" * 5000
    list(sheet(tmp_path, content, progress=lambda *at: told.append(at)).rows())
    assert told[-1] == ("people.csv", len(content), len(content))
    assert len(told) > 3
    assert [at[1] for at in told] == sorted(at[1] for at in told)
