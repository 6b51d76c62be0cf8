"""The files of people: households, persons with their family units, PMT scores, profile flags."""

from typing import Any

from sqlalchemy import insert

from gateway.core.embedded.files import families
from gateway.core.embedded.files.fields import (
    Field,
    cnic,
    code,
    day,
    one_of,
    past_day,
    score,
    text,
    whole,
    yes_no,
)
from gateway.core.embedded.files.merge import Tally
from gateway.core.embedded.files.sheet import Row
from gateway.core.embedded.files.work import FileKind, Work
from gateway.core.embedded.tables import (
    CNIC_STATUSES,
    FLAGS,
    MARITAL_STATUSES,
    RELATIONS,
    SEXES,
    SURVEY_STATUSES,
    household,
    person,
    pmt_score,
    profile_flag,
    tehsil,
)


def _take_households(work: Work, rows: list[Row]) -> Tally:
    sound = [row for row in work.naming(rows, "tehsil", tehsil) if _survey_is_whole(work, row)]
    known = work.households([row["household"] for row in sound])
    values = {
        row["household"]: {
            "nser_key": work.vault.ref_key(row["household"]),
            "tehsil": row["tehsil"],
            "address_sealed": row["address"],
            "size": row["size"],
            "survey_status": row["survey_status"],
            "surveyed_on": row["surveyed_on"],
            "next_survey_on": row["next_survey_on"],
            "resurvey_by": row["resurvey_by"],
        }
        for row in sound
    }
    return _store(work, household, known, values)


def _survey_is_whole(work: Work, row: Row) -> bool:
    if row["survey_status"] != "not_surveyed" and row["surveyed_on"] is None:
        work.sheet.fault(row.line, "surveyed_on", f"is missing: the household is {row['survey_status']}")
        return False
    return True


def _take_persons(work: Work, rows: list[Row]) -> Tally:
    sound = [row for row in rows if _card_is_whole(work, row) and families.is_whole(work, row)]
    paired = work.of_households(sound)
    by_cnic = work.persons([row["cnic"] for row, _ in paired if row["cnic"]])
    by_bform = work.persons([row["bform"] for row, _ in paired if row["bform"]], "bform_key")
    units = families.make_units(work, paired)
    known: dict[int, int] = {}
    values: dict[int, dict[str, Any]] = {}
    for row, home in paired:
        same = {
            found for found in (by_cnic.get(row["cnic"]), by_bform.get(row["bform"])) if found is not None
        }
        if len(same) > 1:
            work.sheet.fault(row.line, "bform", "is of another person than the CNIC")
            continue
        if same:
            known[row.line] = same.pop()
        values[row.line] = _person(work, row, home, units)
    tally = _store(work, person, known, values)
    families.set_roles(work, [row for row, _ in paired], units)
    return tally


def _card_is_whole(work: Work, row: Row) -> bool:
    if row["cnic"] is None and row["bform"] is None:
        work.sheet.fault(row.line, "cnic", "is missing, and so is the B-form: one of them must be there")
        return False
    if (row["cnic"] is None) != (row["cnic_status"] is None):
        work.sheet.fault(row.line, "cnic_status", "goes with a CNIC, and a CNIC with it")
        return False
    return True


def _person(work: Work, row: Row, home: int, units: families.Units) -> dict[str, Any]:
    number, bform = row["cnic"], row["bform"]
    return {
        "household": home,
        "family_unit": families.own_unit(row, units),
        "cnic_key": number and work.vault.cnic_key(number),
        "cnic_sealed": number,
        "cnic_last4": number and number[-4:],
        "cnic_status": row["cnic_status"],
        "cnic_expires_on": row["cnic_expires_on"],
        "bform_key": bform and work.vault.cnic_key(bform),
        "bform_sealed": bform,
        "name_sealed": row["name"],
        **{
            name: row[name]
            for name in ("sex", "born_on", "relation", "marital_status", "disability", "alive")
        },
    }


def _store(work: Work, table: Any, known: dict[Any, int], values: dict[Any, dict[str, Any]]) -> Tally:
    """Rows by a name of their own; those with a number in `known` are there already."""
    tally = work.merge(
        table, ("id",), [{"id": known[name], **row} for name, row in values.items() if name in known]
    )
    new = [row for name, row in values.items() if name not in known]
    if new:
        sealed = [name for name in new[0] if name.endswith("_sealed")]
        work.connection.execute(
            insert(table),
            [{**row, **{name: row[name] and work.ahead.seal(row[name]) for name in sealed}} for row in new],
        )
    tally.added += len(new)
    return tally


def _take_scores(work: Work, rows: list[Row]) -> Tally:
    columns = ("score", "model_version", "scored_on", "source")
    taken = [
        {"household": home, **{name: row[name] for name in columns}} for row, home in work.of_households(rows)
    ]
    return work.merge(pmt_score, ("household", "scored_on", "model_version"), taken)


def _take_flags(work: Work, rows: list[Row]) -> Tally:
    columns = ("code", "source", "seen_on")
    taken = [{"person": her, **{name: row[name] for name in columns}} for row, her in work.of_persons(rows)]
    return work.merge(profile_flag, ("person", "code", "source"), taken)


_HOUSEHOLD, _CNIC = Field("household", text(40)), Field("cnic", cnic)

HOUSEHOLDS = FileKind(
    "households.csv",
    (
        _HOUSEHOLD,
        Field("tehsil", code),
        Field("address", text(160), None),
        Field("size", whole(1, 99)),
        Field("survey_status", one_of(SURVEY_STATUSES)),
        Field("surveyed_on", past_day, None),
        Field("next_survey_on", day, None),
        Field("resurvey_by", day, None),
    ),
    (("household",),),
    _take_households,
    sealed=("address",),
)
PERSONS = FileKind(
    "persons.csv",
    (
        _HOUSEHOLD,
        Field("cnic", cnic, None),
        Field("cnic_status", one_of(CNIC_STATUSES), None),
        Field("cnic_expires_on", day, None),
        Field("bform", cnic, None),
        Field("name", text(80)),
        Field("sex", one_of(SEXES)),
        Field("born_on", past_day, None),
        Field("relation", one_of(RELATIONS)),
        Field("marital_status", one_of(MARITAL_STATUSES)),
        Field("disability", yes_no, blank=False),
        Field("alive", yes_no, blank=True),
        Field("family", families.read_units, ()),
        Field("family_role", one_of(families.ROLES), None),
    ),
    (("cnic",), ("bform",)),
    _take_persons,
    sealed=("cnic", "bform", "name"),
)
SCORES = FileKind(
    "scores.csv",
    (
        _HOUSEHOLD,
        Field("score", score),
        Field("model_version", text(40)),
        Field("scored_on", past_day),
        Field("source", text(40)),
    ),
    (("household", "scored_on", "model_version"),),
    _take_scores,
)
PROFILE_FLAGS = FileKind(
    "profile_flags.csv",
    (_CNIC, Field("code", one_of(FLAGS)), Field("source", text(40)), Field("seen_on", past_day)),
    (("cnic", "code", "source"),),
    _take_flags,
)
