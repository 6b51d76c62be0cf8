import pytest
from sqlalchemy import func, insert, select

from gateway.core.embedded import tables
from gateway.errors import FileFault
from tests.core.files.folder import furnish, give
from tests.core.people import LAHORE, SUKKUR, VAULT

COVERS = "number,cnic,province,valid_from,valid_until,limit_secondary,limit_priority\n"
COVER = f"{COVERS}H1,{LAHORE},punjab,today-100d,today+264d,,\n"
CLAIMS = "number,cnic,hospital,kind,admitted_on,discharged_on,amount\n"


@pytest.fixture
def covered(database, tmp_path):
    furnish(database)
    give(database, tmp_path, coverages=COVER)
    return database


def claim(number="C1", kind="secondary", *, since="today-9d", until="today-1d", amount=60_000, cnic=LAHORE):
    return f"{number},{cnic},mayo,{kind},{since},{until},{amount}\n"


def faults_of(database, folder, **files):
    with pytest.raises(FileFault) as raised:
        give(database, folder, **files)
    return raised.value.faults


@pytest.mark.parametrize(
    ("province", "limits", "stored"),
    [
        ("punjab", ",", (60_000, 400_000)),
        ("sindh", ",", (60_000, 300_000)),
        ("punjab", "50000,0", (50_000, 0)),
    ],
)
def test_a_blank_limit_is_the_rate_of_the_province(database, tmp_path, province, limits, stored):
    furnish(database)
    give(database, tmp_path, coverages=f"{COVERS}H1,{LAHORE},{province},2026-01-01,2026-12-31,{limits}\n")
    with database.reading() as connection:
        row = connection.execute(select(tables.coverage)).one()
    assert (row.limit_secondary, row.limit_priority) == stored


def test_before_the_first_rate_a_limit_must_be_told(database, tmp_path):
    furnish(database)
    old = f"{COVERS}H1,{LAHORE},punjab,2020-01-01,2020-12-31,,\n"
    assert faults_of(database, tmp_path, coverages=old) == [
        "coverages.csv:2: limit_secondary: is missing, and the programme has no rate of this province then"
    ]


@pytest.mark.parametrize(
    ("first", "last", "sound"),
    [
        ("today-101d", "today-101d", True),
        ("today-200d", "today-100d", False),
        ("today+264d", "today+300d", False),
        ("today+265d", "today+300d", True),
        ("today-50d", "today-40d", False),
    ],
)
def test_a_family_has_one_cover_at_a_time(covered, tmp_path, first, last, sound):
    second = f"{COVERS}H2,{LAHORE[::-1]},punjab,{first},{last},,\n"
    if sound:
        assert give(covered, tmp_path, coverages=second)["coverages.csv"] == (1, 0, 0)
    else:
        faults = faults_of(covered, tmp_path, coverages=second)
        assert faults == ["coverages.csv:2: valid_from: lies within another cover of the family"]


@pytest.mark.parametrize(
    ("rows", "sound"),
    [
        ([claim(amount=60_000)], True),
        ([claim(amount=60_001)], False),
        ([claim(amount=60_001, until="")], True),
        ([claim(amount=60_000), claim("C2", amount=1)], False),
        ([claim(amount=60_000), claim("C2", amount=9_000, until="")], True),
        ([claim(amount=60_000), claim("C2", "priority", amount=400_000)], True),
        ([claim("C2", "priority", amount=400_001)], False),
        ([claim(amount=70_000, until=""), claim("C2", amount=60_000)], True),
    ],
)
def test_ended_admissions_do_not_pass_the_limit_and_an_open_one_may(covered, tmp_path, rows, sound):
    text = CLAIMS + "".join(rows)
    if sound:
        assert give(covered, tmp_path, claims=text)["claims.csv"] == (len(rows), 0, 0)
        assert give(covered, tmp_path, claims=text)["claims.csv"] == (0, 0, len(rows))
        return
    (fault,) = faults_of(covered, tmp_path, claims=text)
    assert fault.startswith(f"claims.csv:{len(rows) + 1}: amount: brings the family's ")
    assert "past the limit of" in fault
    with covered.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.claim)) == 0


def test_what_was_claimed_before_counts_and_an_open_claim_must_fit_when_it_ends(covered, tmp_path):
    give(covered, tmp_path, claims=CLAIMS + claim(amount=50_000) + claim("C2", amount=20_000, until=""))
    (fault,) = faults_of(covered, tmp_path, claims=CLAIMS + claim("C2", amount=20_000))
    assert "to 70000, past the limit of 60000" in fault
    assert give(covered, tmp_path, claims=CLAIMS + claim("C2", amount=10_000))["claims.csv"] == (0, 1, 0)


def test_a_limit_does_not_sink_below_what_is_used(covered, tmp_path):
    give(covered, tmp_path, claims=CLAIMS + claim(amount=50_000))
    lower = COVER.replace(",,\n", ",49999,\n")
    assert faults_of(covered, tmp_path, coverages=lower) == [
        "coverages.csv:2: limit_secondary: is 49999, but 50000 are used"
    ]
    assert give(covered, tmp_path, coverages=COVER.replace(",,\n", ",50000,\n"))["coverages.csv"] == (0, 1, 0)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (claim(since="today-101d"), "admitted_on: is a day on which the family has no cover"),
        (claim(since="today-1d", until="today-2d"), "discharged_on: is before admitted_on"),
        (claim(until="today+1d"), "discharged_on: `today+1d` is after the day of loading"),
        (claim(cnic=SUKKUR), "cnic: is of nobody in the registry"),
        (claim().replace("mayo", "akhuwat"), "hospital: `akhuwat` is no hospital that is known"),
        (claim(kind="dental"), "kind: `dental` is none of secondary, priority"),
    ],
)
def test_faulty_claims(covered, tmp_path, row, fault):
    assert faults_of(covered, tmp_path, claims=CLAIMS + row)[0] == f"claims.csv:2: {fault}"


def test_an_admission_on_the_first_and_the_last_day_is_covered(covered, tmp_path):
    year = f"{COVERS}H0,{LAHORE},punjab,today-465d,today-101d,,\n"
    give(covered, tmp_path, coverages=year)
    rows = claim("A", since="today-101d", until="today-90d", amount=1) + claim(
        "B", since="today-100d", until="", amount=2
    )
    give(covered, tmp_path, claims=CLAIMS + rows)
    with covered.reading() as connection:
        found = dict(
            connection.execute(
                select(tables.claim.c.number, tables.coverage.c.number).join(
                    tables.coverage, tables.coverage.c.id == tables.claim.c.coverage
                )
            ).all()
        )
    assert found == {"A": "H0", "B": "H1"}


def test_who_is_in_no_family_unit_has_no_cover(covered, tmp_path):
    with covered.writing() as connection:
        home = connection.scalar(select(tables.household.c.id))
        connection.execute(
            insert(tables.person).values(
                household=home, cnic_key=VAULT.cnic_key(SUKKUR), cnic_status="valid", name_sealed="x", sex="M",
                relation="other", marital_status="single", disability=False, alive=True,
            )
        )  # fmt: skip
    text = f"{COVERS}H9,{SUKKUR},punjab,today,today+1d,,\n"
    assert faults_of(covered, tmp_path, coverages=text) == [
        "coverages.csv:2: cnic: is of somebody who is in no family unit"
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("surgery", "surgry", "services: `surgry` is none of maternity, surgery"),
        (
            "dhq-x,",
            "a-code-of-more-than-thirty-letters,",
            "code: `a-code-of-more-than-thirty-letters` is longer",
        ),
    ],
)
def test_a_facility_offers_known_services_alone(covered, tmp_path, old, new, fault):
    text = "code,kind,tehsil,name,services\ndhq-x,hospital,model_town,DHQ,surgery tb\n"
    assert give(covered, tmp_path, facilities=text)["facilities.csv"] == (1, 0, 0)
    assert faults_of(covered, tmp_path, facilities=text.replace(old, new))[0].startswith(
        f"facilities.csv:2: {fault}"
    )
