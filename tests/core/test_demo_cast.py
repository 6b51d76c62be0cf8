"""The demo registry, loaded by the ordinary imports: every row of the cast answers through the port as it should."""

import csv
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from gateway import clock
from gateway.core.embedded import core as embedded
from gateway.core.port import Coarse, Unpaid
from gateway.db import Database
from gateway.privacy import Vault, normal_cnic

CONFIG = Path("config")
VAULT = Vault({"demo": b"d" * 32})
DAYS = [  # in the middle of a quarter, on the first day of one, on the last
    datetime(2026, 11, 22, 7, tzinfo=UTC),
    datetime(2027, 1, 1, 7, tzinfo=UTC),
    datetime(2028, 3, 31, 7, tzinfo=UTC),
]


class Silent:
    def __init__(self):
        self.heard = []

    def asked_moved(self, connection, moves):
        """Nobody is told."""

    def moved(self, connection, moves):
        self.heard.extend(moves)


def load(database, announcer=None):
    core = embedded.build(database, VAULT, CONFIG, announcer or Silent())
    core.imports.registry(CONFIG / "demo", allow_pins=True)
    return core, core.imports.payments.take(CONFIG / "demo" / "payments.csv")


@pytest.fixture(scope="module")
def loaded(sqlite_template, tmp_path_factory):
    """The demo registry in SQLite, as loaded on DAYS[0]."""
    path = tmp_path_factory.mktemp("cast") / "demo.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with time_machine.travel(DAYS[0]):
        core, _ = load(database)
        yield Cast(core)
    database.close()


def people():
    with (CONFIG / "demo" / "cast.csv").open(encoding="utf-8") as file:
        return {row["key"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}


class Cast:
    def __init__(self, core):
        self.core, self.people = core, people()

    def person(self, key):
        row = self.people[key]
        linked = self.core.registry.persons_on(row["phone"])
        return next(each.id for each in linked if each.cnic_last4 == normal_cnic(row["cnic"])[-4:])

    def coarse(self, key, asker="+923001234520"):
        step = f"{key} {asker} {clock.ticks()}"
        return self.core.eligibility.coarse(normal_cnic(self.people[key]["cnic"]), f"{asker}{key}", step)

    def latest(self, key):
        return self.core.payments.latest(self.person(key), "kafaalat")

    def decide(self, key, programme="kafaalat"):
        return self.core.eligibility.decide(self.person(key), programme)


COARSE = {
    "ready": Coarse.PAYMENT_READY,
    "stipends": Coarse.PAYMENT_READY,  # the boy's stipend waits
    "biometric": Coarse.PAYMENT_READY,
    "expired": Coarse.CNIC_ISSUE,
    "disabled": Coarse.MAY_APPLY,
    "above": Coarse.NOT_ELIGIBLE,
    "filtered": Coarse.NOT_ELIGIBLE,
    "unsurveyed": Coarse.SURVEY_NEEDED,
    "review": Coarse.UNDER_REVIEW,
    "loan": Coarse.NOT_ELIGIBLE,
    "sehat": Coarse.NOT_ELIGIBLE,
    "nashonuma": Coarse.NO_PAYMENT_YET,
    "deceased": Coarse.DECEASED,
    "flood": Coarse.PAYMENT_READY,
    "shared-a": Coarse.PAYMENT_READY,
    "shared-b": Coarse.NO_PAYMENT_YET,
    "transgender": Coarse.MAY_APPLY,
    "resurvey": Coarse.PAYMENT_READY,
    "wallet": Coarse.NO_PAYMENT_YET,
}


def test_every_cnic_of_the_cast_gets_its_open_answer(loaded):
    assert {key for key, row in loaded.people.items() if row["cnic"]} == set(COARSE)
    answers = {key: loaded.coarse(key) for key in COARSE}
    assert {key: answer.result for key, answer in answers.items()} == COARSE
    assert [key for key, answer in answers.items() if answer.emergency] == ["flood"]
    assert answers["unsurveyed"].office.district == "Multan"


@pytest.mark.parametrize("asker", ["stranger", "kenya"])
def test_phones_linked_to_nobody_get_the_open_answer(loaded, asker):
    phone = loaded.people[asker]["phone"]
    assert loaded.core.registry.persons_on(phone) == ()
    assert loaded.coarse("ready", phone).result is Coarse.PAYMENT_READY


def test_ready(loaded):
    (found,) = loaded.core.payments.ready(loaded.person("ready"))
    assert (found.programme, found.amount, found.standing) == ("kafaalat", 13500, "ready")
    assert (found.period, found.place) == (clock.quarter_of(clock.today()), "HBL Konnect Mozang")
    assert found.moved_on == clock.today() - timedelta(days=2)
    before = loaded.core.payments.history(loaded.person("ready"))[1]
    assert (before.standing, before.amount) == ("withdrawn", 13500)
    assert loaded.decide("ready").outcome == "enrolled"


def test_stipends_mothers_own_money_is_withdrawn(loaded):
    assert loaded.latest("stipends").standing == "withdrawn"


def test_stipends_each_child(loaded):
    girl, boy = loaded.core.schools.children(loaded.person("stipends"))
    assert (boy.name, boy.level, boy.attendance.percent, boy.attendance.standing) == (
        "Hamza",
        "primary",
        84,
        "met",
    )
    assert (boy.money.amount, boy.money.standing, boy.money.place) == (
        2000,
        "ready",
        "HBL Konnect Kot Lakhpat",
    )
    assert (girl.name, girl.level, girl.attendance.percent, girl.attendance.standing) == (
        "Ayesha",
        "secondary",
        61,
        "failed",
    )
    assert (girl.money.amount, girl.money.standing, girl.money.unpaid) == (
        3500,
        "held",
        Unpaid.CONDITION_NOT_MET,
    )
    assert girl.money.period == boy.money.period == girl.attendance.quarter


def test_children_of_others(loaded):
    def told(key):
        return {
            each.name: (each.standing, each.money.standing if each.money else each.slip)
            for each in loaded.core.schools.children(loaded.person(key))
        }

    assert told("ready") == {"Ahmad": ("student", "withdrawn"), "Iqra": ("student", "withdrawn")}
    assert told("resurvey") == {"Nimra": ("student", "issued")}
    assert told("wallet") == {"Eman": ("may_enrol", "")}
    assert told("above") == {"Hassan": ("refused", "")}
    assert told("transgender") == {}
    (kashmala,) = loaded.core.schools.children(loaded.person("shared-a"))
    assert (kashmala.bonus.amount, kashmala.bonus.standing) == (3000, "withdrawn")


def test_nashonuma_next_visit_in_nine_days(loaded):
    (own,) = loaded.core.nutrition.cases(loaded.person("nashonuma"))
    assert (own.stage, own.visit.kind, own.visit.place) == ("pregnant", "antenatal", "Nashonuma Larkana")
    assert own.visit.due_on == own.packet.due_on == clock.today() + timedelta(days=9)
    assert (own.amount, own.condition, own.quarter) == (2000, "to_come", clock.quarter_of(clock.today()))
    (baby,) = loaded.core.nutrition.cases(loaded.person("wallet"))
    assert (baby.name, baby.amount, baby.visit.late) == ("Zoya", 2500, True)


def test_biometric(loaded):
    found = loaded.latest("biometric")
    assert (found.standing, found.place) == ("branch", "HBL Liaquatabad branch")
    assert clock.today() < found.place_on <= clock.today() + timedelta(days=7)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("expired", Unpaid.CNIC_EXPIRED),
        ("wallet", Unpaid.SIM_NOT_OWN),
        ("shared-b", Unpaid.ACCOUNT_INACTIVE),
    ],
)
def test_held(loaded, key, reason):
    found = loaded.latest(key)
    assert (found.standing, found.unpaid, found.amount) == ("held", reason, 13500)
    assert loaded.core.payments.ready(loaded.person(key)) == ()


@pytest.mark.parametrize(
    ("key", "outcome", "code", "score"),
    [
        ("disabled", "may_apply", None, "35.50"),
        ("above", "not_eligible", "PMT_ABOVE", "44.20"),
        ("filtered", "not_eligible", "FILTERED", "20.00"),
        ("review", "under_review", "UNDER_REVIEW", None),
        ("loan", "not_eligible", "NOT_A_WOMAN", "38.00"),
        ("deceased", "deceased", "DECEASED", "21.60"),
        ("transgender", "may_apply", None, "30.00"),
        ("expired", "enrolled", "CNIC_EXPIRED", "27.45"),
    ],
)
def test_decisions(loaded, key, outcome, code, score):
    made = loaded.decide(key)
    assert (made.outcome, made.code, made.score) == (outcome, code, score)


def test_filtered_knows_whose_flag_it_is(loaded):
    failed = next(each for each in loaded.decide("filtered").reasons if not each.passed)
    assert failed.seen == "spouse X_GOVT_EMP"


def test_flood(loaded):
    (found,) = loaded.core.payments.events(loaded.person("flood"))
    assert (found.standing, found.instalment.amount, found.instalment.standing) == ("listed", 25000, "ready")
    assert found.instalment.place == "Camp High School"
    assert found.until == found.instalment.until == clock.today() + timedelta(days=25)
    assert loaded.decide("flood", "emergency").outcome == "enrolled"
    (others,) = loaded.core.payments.events(loaded.person("ready"))
    assert (others.standing, others.reason) == ("not_listed", "REGION_OUTSIDE")


def test_shared_phone_has_two_women_with_their_own_money(loaded):
    linked = loaded.core.registry.persons_on(loaded.people["shared-a"]["phone"])
    assert [each.cnic_last4 for each in linked] == ["5156", "5168"]
    assert [loaded.latest(key).standing for key in ("shared-a", "shared-b")] == ["ready", "held"]


def test_resurvey_is_due_and_payments_go_on(loaded):
    made = loaded.decide("resurvey")
    assert (made.outcome, made.code) == ("enrolled", None)
    assert made.resurvey_by > clock.today()
    assert loaded.latest("resurvey").standing == "ready"


@pytest.mark.parametrize("day", DAYS[1:])
def test_the_cast_is_right_on_any_day(sqlite_database, day):
    with time_machine.travel(day):
        cast = Cast(load(sqlite_database)[0])
        assert {key: cast.coarse(key).result for key in COARSE} == COARSE
        assert cast.latest("ready").period == clock.quarter_of(clock.today())
        assert cast.latest("ready").moved_on >= clock.quarter_bounds(cast.latest("ready").period)[0]
        girl, boy = cast.core.schools.children(cast.person("stipends"))
        assert (boy.attendance.percent, boy.money.standing) == (84, "ready")
        assert (girl.attendance.percent, girl.money.unpaid) == (61, Unpaid.CONDITION_NOT_MET)
        (own,) = cast.core.nutrition.cases(cast.person("nashonuma"))
        assert (own.visit.due_on - clock.today(), own.condition) == (timedelta(days=9), "to_come")


def test_loading_again_changes_nothing_and_wakes_nobody_but_whose_branch_is_booked_anew(database):
    listener = Silent()
    with time_machine.travel(DAYS[0]) as traveller:
        assert load(database, listener)[1].moved > 0
        heard = {(move.state, move.programme) for move in listener.heard}
        assert ("CREDITED", "kafaalat") in heard
        assert ("CREDITED", "emergency") in heard
        listener.heard.clear()
        assert load(database, listener)[1].moved == 0
        assert listener.heard == []
        traveller.shift(timedelta(days=1))
        assert load(database, listener)[1].moved == 1
        (told,) = listener.heard
        assert (told.state, told.place_on) == ("BRANCH_ROUTE", clock.today() + timedelta(days=4))


def test_a_demo_kept_through_the_quarters_still_loads(sqlite_database):
    with time_machine.travel(DAYS[0]) as traveller:
        for _ in range(10):
            cast = Cast(load(sqlite_database)[0])
            assert cast.latest("ready").period == clock.quarter_of(clock.today())
            assert cast.latest("expired").unpaid is Unpaid.CNIC_EXPIRED
            traveller.shift(timedelta(days=29))


def test_the_demo_pays_the_rate_that_is_confirmed(loaded):
    history = loaded.core.payments.history(loaded.person("ready"))
    assert {each.amount for each in history if each.programme == "kafaalat"} == {13500}
    assert clock.today() > date(2026, 1, 1)
