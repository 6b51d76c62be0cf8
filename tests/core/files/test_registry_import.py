import re
import shutil
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gateway.core.embedded import tables
from gateway.core.embedded.core import build
from gateway.core.embedded.files.make import make_registry
from gateway.core.embedded.files.sheet import Sheet
from gateway.db import Database, metadata
from gateway.errors import FileFault
from gateway.privacy import Vault

ROOT = Path(__file__).resolve().parents[3]
VAULT = Vault({"test": b"k" * 32})
READY = "3520212345012"


class Silent:
    def asked_moved(self, connection, moves):
        """Nobody is told."""

    def moved(self, connection, moves) -> None:
        """Nobody is told."""


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the demo registry, to be spoilt; with one PIN alone, since each takes its time."""
    copy = Path(shutil.copytree(ROOT / "config" / "demo", tmp_path / "demo"))
    path = copy / "phones.csv"
    header, first, *others = path.read_text().splitlines()
    path.write_text("\n".join((header, first, *(re.sub(r"\d{4}$", "", each) for each in others))))
    return copy


def load(database, folder, *, vault=VAULT, allow_pins=True, progress=None) -> dict[str, tuple[int, int, int]]:
    core = build(database, vault, ROOT / "config", Silent())
    taken = core.imports.registry(folder, allow_pins=allow_pins, progress=progress)
    return {each.name: astuple(each)[1:] for each in taken}


def edit(folder, name, old, new) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def everything(database) -> dict[str, list]:
    """Every row of every table, as stored."""
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in metadata.sorted_tables
        }


def person(database, cnic, vault=VAULT):
    with database.reading() as connection:
        return connection.execute(
            select(tables.person).where(tables.person.c.cnic_key.in_(vault.cnic_keys(cnic)))
        ).one_or_none()


def test_running_twice_changes_nothing(database, folder):
    first = load(database, folder)
    before = everything(database)
    second = load(database, folder)
    assert everything(database) == before
    assert all(added and not changed and not same for added, changed, same in first.values())
    assert {name: (0, 0, added) for name, (added, _, _) in first.items()} == second


def test_what_changed_is_changed_and_nothing_else(database, folder):
    load(database, folder)
    edit(folder, "persons.csv", "Shazia Bibi,F", "Shazia Kanwal,F")
    edit(folder, "scores.csv", "24.10", "25.90")
    taken = load(database, folder)
    assert taken["persons.csv"][:2] == (0, 1)
    assert taken["scores.csv"][:2] == (0, 1)
    assert VAULT.open(person(database, READY).name_sealed) == "Shazia Kanwal"


def test_nothing_personal_is_stored_readable(database, folder):
    load(database, folder)
    stored = str(
        [
            row
            for name, rows in everything(database).items()
            if name not in {"office", "facility"}
            for row in rows
        ]
    )
    for secret in (READY, "35202-1234501-2", "3001234501", "Shazia", "4821", "Mozang, "):
        assert secret not in stored
    assert person(database, READY).cnic_last4 == "5012"


def test_a_faulty_file_is_not_taken_at_all_and_every_fault_is_listed(database, folder):
    edit(folder, "persons.csv", "Shazia Bibi,F,1989-05-17,spouse", "Shazia Bibi,W,1989-05-37,wife")
    edit(folder, "persons.csv", "DEMO-sehat,35404-1234511-6", "DEMO-nowhere,35404-1234511-6")
    with pytest.raises(FileFault) as raised:
        load(database, folder)
    assert [fault.split(":")[:3] for fault in raised.value.faults] == [
        ["persons.csv", "2", " sex"],
        ["persons.csv", "2", " born_on"],
        ["persons.csv", "2", " relation"],
        ["persons.csv", "33", " household"],
    ]
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.person)) == 0
        assert connection.scalar(select(func.count()).select_from(tables.family_unit)) == 0
        assert connection.scalar(select(func.count()).select_from(tables.household)) == 18


def test_a_fault_names_no_cnic_and_no_phone(database, folder):
    edit(folder, "profile_flags.csv", "35202-77", "35202-78")
    with pytest.raises(FileFault) as raised:
        load(database, folder)
    assert raised.value.faults == ["profile_flags.csv:2: cnic: is of nobody in the registry"]


@pytest.mark.parametrize(
    "spoilt",
    [
        ("districts.csv", "lahore,punjab", "lahore,panjab", "2: province: `panjab` is no province that is known"),
        ("pay_points.csv", ",retailer,", ",shop,", "2: kind: `shop` is none of retailer, atm, branch, camp"),
        ("households.csv", "pending,today-10d", "pending,", "9: surveyed_on: is missing: the household is pending"),
        ("households.csv", "lahore_city", "lahore_old", "2: tehsil: `lahore_old` is no tehsil that is known"),
        ("persons.csv", "35202-1234501-2,valid", "35202-1234501-2,", "2: cnic_status: goes with a CNIC"),
        ("persons.csv", "35202-7700001-3", "35202-1234501-2", "3: cnic: stands on line 2 already"),
        ("persons.csv", "married,no,yes,1,spouse", "married,no,yes,1,holder", "3: family_role: a holder is a woman"),
        ("persons.csv", "married,no,yes,1,holder", "married,no,yes,,holder", "2: family_role: goes with a family"),
        ("scores.csv", "24.10", "124.10", "2: score: `124.10` is no score from 0 to 100"),
        ("phones.csv", "+923001234501", "3001234501", "2: phone: is no phone number such as"),
        ("phones.csv", ",4821", ",1234", "2: pin: is too easy to guess for this person"),
        ("phones.csv", "verified,sim_match", "claimed,sim_match", "2: verified_how: goes with the status verified"),
        ("enrolments.csv", "kafaalat", "kafalat", "2: programme: `kafalat` is no programme that is known"),
        ("events.csv", "today+25d", "today-25d", "2: open_to: is before open_from"),
        ("event_listings.csv", "flood-relief", "flood", "2: event: `flood` is no event that is known"),
        ("courses.csv", "tevta-lahore,beau", "mayo-lahore,beau", "2: centre: is a hospital; this trade is taught at a tr"),
        ("courses.csv", "tevta-lahore,beautician", "nowhere,beautician", "2: centre: `nowhere` is no facility that is known"),
        ("courses.csv", ",beautician,", ",magic,", "2: trade: `magic` is none of hospitality"),
        ("courses.csv", "today+114d,today+14d", "today+114d,today+25d", "2: apply_until: apply_until, starts_on, ends_on are not"),
        ("courses.csv", "today+24d,today+114d", "today+24d,today+23d", "2: apply_until: apply_until, starts_on, ends_on are not"),
        ("courses.csv", "20,F,16,40", "0,F,16,40", "2: seats: `0` is no whole number from 1"),
        ("courses.csv", "20,F,16,40", "20,F,41,40", "2: age_from: is above age_to"),
        ("courses.csv", "lahore-beautician,", "a-code-that-is-far-too-long,", "2: code: is longer than 24 characters"),
        ("accounts.csv", "wallet,JazzCash,+923001234519", "wallet,JazzCash,", "11: msisdn: goes with a wallet"),
    ],
)  # fmt: skip
def test_faults(sqlite_database, folder, spoilt):
    name, old, new, fault = spoilt
    edit(folder, name, old, new)
    with pytest.raises(FileFault) as raised:
        load(sqlite_database, folder)
    assert raised.value.faults[0].startswith(f"{name}:{fault}")


def test_a_pin_is_refused_outside_the_demo(sqlite_database, folder):
    with pytest.raises(FileFault, match=r"phones\.csv:2: pin: is taken in the demo alone"):
        load(sqlite_database, folder, allow_pins=False)
    rows = (folder / "phones.csv").read_text().splitlines()
    (folder / "phones.csv").write_text("\n".join(row.rpartition(",")[0] for row in rows))
    assert load(sqlite_database, folder, allow_pins=False)["phones.csv"][0] == 18


def test_a_pin_she_chose_herself_stays(sqlite_database, folder):
    load(sqlite_database, folder)
    pins = build(sqlite_database, VAULT, ROOT / "config", Silent()).pins
    her = person(sqlite_database, READY).id
    assert pins.choose(her, "+923001234501", "8306", "s/p/1", granted=True) == "chosen"
    load(sqlite_database, folder)
    assert pins.check(her, "+923001234501", "8306", "s/p/2").state == "right"


def test_seats_that_are_taken_are_not_taken_away(sqlite_database, folder):
    load(sqlite_database, folder)
    with sqlite_database.writing() as connection:
        connection.execute(tables.course.update().values(taken=2).where(tables.course.c.seats == 2))
    edit(folder, "courses.csv", "today+10d,2,F", "today+10d,1,F")
    with pytest.raises(FileFault, match=r"courses\.csv:4: seats: is fewer than the 2 that are taken"):
        load(sqlite_database, folder)
    edit(folder, "courses.csv", "today+10d,1,F", "today+10d,3,F")
    load(sqlite_database, folder)
    with sqlite_database.reading() as connection:
        assert connection.scalar(select(tables.course.c.taken).where(tables.course.c.seats == 3)) == 2


def test_a_blank_about_details_leaves_her_unasked_and_a_new_answer_is_another_row(database, folder):
    registry = build(database, VAULT, ROOT / "config", Silent()).registry
    edit(folder, "phones.csv", "today-400d,yes", "today-400d,")

    def her():
        [linked] = registry.persons_on("+923001234501")
        return linked.details_asked, linked.details_by_sms

    load(database, folder)
    assert her() == (False, False)
    for old, new, stands in (
        ("", "yes", (True, True)),
        ("yes", "no", (True, False)),
        ("no", "", (True, False)),
    ):
        edit(folder, "phones.csv", f"today-400d,{old}", f"today-400d,{new}")
        load(database, folder)
        load(database, folder)
        assert her() == stands
    with database.reading() as connection:
        given = connection.scalars(
            select(tables.consent.c.allowed)
            .join(tables.phone_link, tables.phone_link.c.id == tables.consent.c.phone_link)
            .where(tables.phone_link.c.person == person(database, READY).id)
            .order_by(tables.consent.c.id)
        ).all()
    assert given == [True, False]


def test_nothing_slow_is_done_while_other_writers_wait(database, folder, monkeypatch):
    before = []
    original = Database.writing

    @contextmanager
    def writing(self):
        with original(self) as connection, monkeypatch.context() as busy:
            for slow in (Vault.seal, Sheet.rows):
                busy.setattr(*_refusing(slow))
            busy.setattr(
                "gateway.core.embedded.files.phones.hash_pin", lambda *_: pytest.fail("hashes a PIN")
            )
            before.append(connection)
            yield connection

    monkeypatch.setattr(Database, "writing", writing)
    load(database, folder)
    load(database, folder)
    assert len(before) > 2


def _refusing(slow):
    owner = {"seal": Vault, "rows": Sheet}[slow.__name__]
    return owner, slow.__name__, lambda *_: pytest.fail(f"{slow.__name__} within the transaction")


def test_no_two_seals_are_alike(sqlite_database, folder):
    with (folder / "persons.csv").open("a") as file:
        file.write("DEMO-ready,35202-7711111-2,valid,,,Shazia Bibi,F,1992-01-01,other,married,no,yes,,\n")
    load(sqlite_database, folder)
    with sqlite_database.reading() as connection:
        seals = connection.scalars(select(tables.person.c.name_sealed)).all()
    names = [VAULT.open(each) for each in seals]
    assert len(set(names)) < len(names)
    assert len(set(seals)) == len(seals)


def test_a_file_without_a_header_or_with_shifted_columns_shows_nobody(sqlite_database, folder):
    path = folder / "profile_flags.csv"
    header, *rows = path.read_text().splitlines()
    persons = folder / "persons.csv"
    for shifted in (
        (path, "\n".join(rows)),
        (path, "\n".join([header, *(row.partition(",")[2] + "," + row.partition(",")[0] for row in rows)])),
        (persons, re.sub(r",(married|single|widowed),", ",+923001234501,", persons.read_text())),
    ):
        keep = shifted[0].read_text()
        shifted[0].write_text(shifted[1])
        with pytest.raises(FileFault) as raised:
            load(sqlite_database, folder)
        assert not re.search(r"\d{5}-?\d{4}|92300", str(raised.value))
        shifted[0].write_text(keep)


def test_a_file_of_another_name_is_not_passed_over(sqlite_database, folder):
    (folder / "person.csv").write_text("household\n")
    with pytest.raises(FileFault, match=r"person\.csv: is no file of a registry"):
        load(sqlite_database, folder)


def test_a_folder_without_a_registry(sqlite_database, tmp_path):
    with pytest.raises(FileFault, match="holds no file of a registry"):
        load(sqlite_database, tmp_path)
    with pytest.raises(FileFault, match="is no folder"):
        load(sqlite_database, tmp_path / "none")


def test_one_file_alone_is_enough(sqlite_database, folder, tmp_path):
    load(sqlite_database, folder)
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "scores.csv").write_text(
        "household,score,model_version,scored_on,source\nDEMO-ready,30.5,nser-2026,today,nser\n"
    )
    assert load(sqlite_database, alone) == {"scores.csv": (1, 0, 0)}


def roles(database, household) -> dict[int, tuple]:
    with database.reading() as connection:
        rows = connection.execute(
            select(tables.family_unit.c.number, tables.family_unit.c.holder, tables.family_unit.c.spouse)
            .join(tables.household, tables.household.c.id == tables.family_unit.c.household)
            .where(tables.household.c.nser_key == VAULT.ref_key(household))
        )
        return {number: (holder, spouse) for number, holder, spouse in rows}


def test_family_units(database, folder):
    load(database, folder)
    her, him = person(database, READY), person(database, "3520277000013")
    assert roles(database, "DEMO-ready") == {1: (her.id, him.id)}
    assert her.family_unit == him.family_unit


def test_a_husband_of_two_and_a_woman_who_moves(database, folder):
    with (folder / "persons.csv").open("a") as file:
        file.write("DEMO-ready,35202-7711111-2,valid,,,Asma,F,1992-01-01,other,married,no,yes,2,holder\n")
    edit(folder, "persons.csv", "head,married,no,yes,1,spouse", "head,married,no,yes,1+2,spouse")
    load(database, folder)
    her, him, second = (person(database, each).id for each in (READY, "3520277000013", "3520277111112"))
    assert roles(database, "DEMO-ready") == {1: (her, him), 2: (second, him)}
    # Both women change places, and he is in neither unit any more.
    edit(
        folder,
        "persons.csv",
        "Shazia Bibi,F,1989-05-17,spouse,married,no,yes,1",
        "Shazia Bibi,F,1989-05-17,spouse,married,no,yes,2",
    )
    edit(folder, "persons.csv", "other,married,no,yes,2,holder", "other,married,no,yes,1,holder")
    edit(
        folder,
        "persons.csv",
        "1984-02-03,head,married,no,yes,1+2,spouse",
        "1984-02-03,head,divorced,no,yes,,",
    )
    load(database, folder)
    assert roles(database, "DEMO-ready") == {1: (second, None), 2: (her, None)}


def test_two_holders_of_one_unit_are_a_fault(sqlite_database, folder):
    with (folder / "persons.csv").open("a") as file:
        file.write("DEMO-ready,35202-7711111-2,valid,,,Asma,F,1992-01-01,other,married,no,yes,1,holder\n")
    with pytest.raises(FileFault, match=r"persons\.csv:\d+: family_role: the unit has a holder already"):
        load(sqlite_database, folder)


def test_people_are_found_under_an_old_key_and_kept_under_the_new(database, folder):
    load(database, folder)
    before = person(database, READY)
    rotated = Vault({"new": b"n" * 32, "test": b"k" * 32})
    core = build(database, rotated, ROOT / "config", Silent())
    (she,) = core.registry.persons_on("+923001234501")
    assert she.id == before.id
    assert core.pins.check(she.id, "+923001234501", "4821", "s/p/1").state == "right"
    core.registry.choose_language("+923001234501", "ur", "s")
    assert core.registry.contact("+923001234501").language == "ur"
    assert load(database, folder, vault=rotated)["persons.csv"][0] == 0
    after = person(database, READY, rotated)
    assert (after.id, after.cnic_key) == (before.id, rotated.cnic_key(READY))


def test_a_made_registry_is_the_same_for_the_same_seed(tmp_path):
    for folder in ("one", "two"):
        make_registry(tmp_path / folder, 300, seed=5)
    make_registry(tmp_path / "three", 300, seed=6)
    first, second, third = (
        {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        for folder in ("one", "two", "three")
    )
    assert first == second
    assert first["persons.csv"] != third["persons.csv"]


def test_a_made_registry_is_taken_and_taken_again(database, tmp_path):
    make_registry(tmp_path, 250, seed=1)
    progress = []
    first = load(database, tmp_path, allow_pins=False, progress=lambda *at: progress.append(at))
    assert first["households.csv"] == (250, 0, 0)
    assert first["persons.csv"][0] > 900
    assert {name for name, _, _ in progress} == set(first)
    second = load(database, tmp_path, allow_pins=False)
    assert {(added, changed) for added, changed, _ in second.values()} == {(0, 0)}


def test_making_tells_how_far_it_is(tmp_path):
    told = []
    make_registry(tmp_path, 2500, seed=1, made=lambda *so_far: told.append(so_far))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_a_made_registry_needs_a_household(tmp_path):
    with pytest.raises(ValueError, match="from 1 to"):
        make_registry(tmp_path, 0, seed=1)
