"""People for the core's tests, written straight into the tables, each with the facts that the test is about."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, insert, update

from gateway import clock
from gateway.core.embedded import tables
from gateway.privacy import Vault

VAULT = Vault({"test": b"k" * 32})
LAHORE, SUKKUR = "3520212345012", "4550412345014"


def settle_places(connection: Connection) -> None:
    """Two districts with an office each, two pay points, and the programmes that are shipped."""
    connection.execute(
        insert(tables.province), [{"code": "punjab", "name": "Punjab"}, {"code": "sindh", "name": "Sindh"}]
    )
    connection.execute(
        insert(tables.district),
        [
            {"code": "lahore", "province": "punjab", "name": "Lahore", "cnic_prefix": "352"},
            {"code": "sukkur", "province": "sindh", "name": "Sukkur", "cnic_prefix": "455"},
        ],
    )
    connection.execute(
        insert(tables.tehsil),
        [
            {"code": "model_town", "district": "lahore", "name": "Model Town"},
            {"code": "rohri", "district": "sukkur", "name": "Rohri"},
        ],
    )
    connection.execute(
        insert(tables.office),
        [
            {"code": "lahore-1", "tehsil": "model_town", "name": "Office Lahore", "address": "Road 1"},
            {"code": "rohri-1", "tehsil": "rohri", "name": "Office Rohri", "address": "Road 2"},
        ],
    )
    connection.execute(
        insert(tables.pay_point),
        [
            {
                "code": "shop",
                "kind": "retailer",
                "provider": "HBL",
                "tehsil": "model_town",
                "name": "Shop One",
            },
            {"code": "bank", "kind": "branch", "provider": "HBL", "tehsil": "model_town", "name": "Bank Two"},
        ],
    )


@dataclass
class Person:
    id: int
    cnic: str


def settle(
    connection: Connection,
    cnic: str = LAHORE,
    *,
    tehsil: str = "model_town",
    score: str | None = "24.10",
    survey_status: str = "surveyed",
    resurvey_by: date | None = None,
    sex: str = "F",
    marital_status: str = "married",
    alive: bool = True,
    cnic_status: str = "valid",
    cnic_expires_on: date | None = None,
    disabled_child: bool = False,
    flags: tuple[str, ...] = (),
    husband_flags: tuple[str, ...] = (),
    phones: tuple[str, ...] = (),
    enrolled: tuple[str, ...] = (),
) -> Person:
    """A woman (unless said otherwise) with her husband in a household of her own."""

    def add(table, **row):
        return connection.execute(insert(table).values(row)).inserted_primary_key[0]

    today = clock.today()
    household = add(
        tables.household,
        nser_key=VAULT.ref_key(cnic), tehsil=tehsil, size=3, survey_status=survey_status, resurvey_by=resurvey_by,
    )  # fmt: skip
    common = {"household": household, "name_sealed": VAULT.seal("Name"), "disability": False, "alive": True}
    her = add(
        tables.person, **common | {"alive": alive},
        cnic_key=VAULT.cnic_key(cnic), cnic_sealed=VAULT.seal(cnic), cnic_last4=cnic[-4:], cnic_status=cnic_status,
        cnic_expires_on=cnic_expires_on, sex=sex, born_on=date(1985, 5, 1), relation="spouse", marital_status=marital_status,
    )  # fmt: skip
    husband = add(
        tables.person, **common,
        cnic_key=VAULT.cnic_key(cnic[::-1]), cnic_status="valid", sex="M", relation="head", marital_status="married",
    )  # fmt: skip
    unit = add(tables.family_unit, household=household, number=1, holder=her, spouse=husband)
    connection.execute(
        update(tables.person).where(tables.person.c.household == household).values(family_unit=unit)
    )
    if disabled_child:
        add(
            tables.person, **common | {"disability": True},
            bform_key=VAULT.cnic_key(f"child of {cnic}"), sex="M", relation="child", marital_status="single",
        )  # fmt: skip
    if score is not None:
        # An older score must not count.
        for value, scored_on in ((Decimal(99), date(2015, 1, 1)), (Decimal(score), date(2024, 1, 1))):
            add(
                tables.pmt_score,
                household=household,
                score=value,
                model_version="1",
                scored_on=scored_on,
                source="NSER",
            )
    for who, codes in ((her, flags), (husband, husband_flags)):
        for code in codes:
            add(tables.profile_flag, person=who, code=code, source="test", seen_on=today)
    for number in phones:
        phone = add(tables.phone, phone_key=VAULT.phone_key(number), phone_sealed=VAULT.seal(number))
        add(
            tables.phone_link,
            phone=phone,
            person=her,
            status="verified",
            linked_on=today,
            details_by_sms=True,
        )
    for programme in enrolled:
        add(tables.enrolment, person=her, programme=programme, status="active", enrolled_on=today)
    return Person(her, cnic)
