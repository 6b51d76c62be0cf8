"""Payment events over the API: signed, once, whole or not at all."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from gateway import clock
from gateway.core.embedded import moves
from gateway.core.embedded.payment_events import EmbeddedPaymentEvents
from gateway.core.port import PaymentEvent, Signature, SignatureUsed
from gateway.errors import DatabaseUnreachable
from gateway.settings import DEMO_EVENT_KEYS, Settings
from tests.core.people import LAHORE, VAULT
from tests.core.test_payments import PROGRAMMES, World

PAID = {"cnic": "35202-1234501-2", "programme": "kafaalat", "period": "2026Q4"}


def event(number=1, **more):
    return {"id": f"core-{number}", **PAID, "state": "WITHDRAWN", "at": "2026-11-22", **more}


def messages(gateway):
    return [(sent.template, sent.phone) for sent in gateway.services.outbox.recent() if sent.lane == "alert"]


def test_a_batch_moves_instalments_and_tells_her_phones_once(gateway, system):
    core = system(gateway)
    before = len(messages(gateway))
    first = core.tell(event())
    assert (first.status_code, first.json) == (200, {"events": [{"id": "core-1", "outcome": "moved"}]})
    assert len(messages(gateway)) == before + 1
    assert messages(gateway)[0][0] == "payment_withdrawn"
    again = core.tell(event(), at=clock.epoch() + 1)
    assert again.data == first.data
    assert core.tell(event(2)).json["events"] == [{"id": "core-2", "outcome": "unchanged"}]
    assert len(messages(gateway)) == before + 1


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"cnic": "99999-9999999-9"}, (1, "cnic", "is of nobody in the registry")),
        ({"state": "PLANNED"}, (1, "state", "PLANNED cannot follow WITHDRAWN")),
        ({"place": "nowhere"}, (1, "place", "`nowhere` is no pay point")),
        ({"at": "2026-11-23"}, (1, "at", "`2026-11-23` is after the day of loading")),
        ({"programme": "35202-1234501-2"}, (1, "programme", "(hidden) is no programme")),
        ({"cnic": "3520"}, (1, "cnic", "does not have the form")),
        ({"period": "quarter-1"}, (1, "period", "names a quarter by its distance, not by its year")),
        ({"amount": "13500"}, (1, "amount", "Not a valid integer.")),
        ({"name": "x"}, (1, "name", "Unknown field.")),
    ],
)
def test_nothing_of_a_batch_with_a_fault_is_taken(gateway, system, wrong, fault):
    core = system(gateway)
    before = messages(gateway)
    answer = core.tell(event(), event(2, **wrong))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    found = [(each["index"], each["field"], each["what"]) for each in answer.json["faults"]]
    assert found == [fault]
    assert "1234501" not in answer.text
    assert messages(gateway) == before
    assert core.tell(event()).json["events"][0]["outcome"] == "moved"


def test_an_id_with_other_content_is_refused(gateway, system):
    core = system(gateway)
    core.tell(event())
    answer = core.tell(event(2), event(amount=1))
    assert (answer.status_code, answer.json["faults"][0]["index"]) == (409, 1)
    assert core.tell(event(3), event(3)).status_code == 409


KEY = "QUJD" * 10 + "QUE="
BODY = b'{"events": []}'


@pytest.mark.parametrize(
    ("signed", "status"),
    [
        ({}, 422),  # it holds: the body is looked at
        ({"at": -299}, 422),
        ({"at": 299}, 422),
        ({"at": -301}, 401),
        ({"at": 301}, 401),
        ({"kid": "other"}, 401),
        ({"key": b"x" * 32}, 401),
    ],
)
def test_a_signature_holds_for_its_key_its_body_and_five_minutes(shared_gateway, system, signed, status):
    core = system(shared_gateway)
    signed = signed | ({"at": clock.epoch() + signed["at"]} if "at" in signed else {})
    assert core.post(BODY, core.sign(BODY, **signed)).status_code == status
    assert core.post(BODY + b" ", core.sign(BODY, **signed)).status_code == 401


@pytest.mark.parametrize("header", [None, "", "t=1", "t=1,k=demo,v1=00", "v1=x,t=1,k=demo"])
def test_what_is_no_signature_is_refused(shared_gateway, system, header):
    answer = system(shared_gateway).post(BODY, header)
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


def test_a_signature_is_good_once(gateway, system):
    core = system(gateway)
    body = b'{"events": [%s]}' % json.dumps(event()).encode()
    signature = core.sign(body)
    assert core.post(body, signature).status_code == 200
    answer = core.post(body, signature)
    assert (answer.status_code, answer.json["detail"]) == (409, "this signature was used before: sign again")


def test_another_installations_key_does_not_hold(gateway_on, store_url, system):
    core = system(gateway_on(store_url, event_keys="demo:" + "QUJD" * 10 + "QUE="))
    assert core.tell(event()).status_code == 401


def test_production_takes_no_events_before_it_has_a_key():
    given = {"hook_token": "x" * 24, "secret_keys": f"k1:{KEY}", "africastalking_api_key": "y"}
    real = {"env": "production", "africastalking_username": "ehsaas", **given}
    assert Settings(**real).event_signers == {}
    assert Settings(**real, event_keys=f"core:{KEY}").event_signers == {"core": b"ABC" * 10 + b"AA"}
    with pytest.raises(ValidationError, match="EVENT_KEYS"):
        Settings(**real, event_keys=DEMO_EVENT_KEYS)


def told():
    today = clock.today()
    cells = {"cnic": LAHORE, "programme": "kafaalat", "period": clock.quarter_of(today)}
    return PaymentEvent("core-1", cells | {"state": "GENERATED", "at": today.isoformat()})


def test_many_at_once_move_and_tell_once(postgres_database, tmp_path):
    world = World(postgres_database, tmp_path)
    taker = EmbeddedPaymentEvents(postgres_database, VAULT, PROGRAMMES, world.listener)
    until = datetime.now(UTC) + timedelta(minutes=5)

    def take(number):
        return taker.take([told()], Signature(f"{number:064}", until), "api core")

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(take, range(6)))
    assert {answer[0].outcome for answer in answers} == {"moved"}
    assert len(world.listener.heard) == 1
    with pytest.raises(SignatureUsed):
        take(0)


def test_who_cannot_be_taken_now_is_told_to_come_again(postgres_database, tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.core.embedded.payment_events._PATIENCE", timedelta(milliseconds=50))
    world = World(postgres_database, tmp_path)
    taker = EmbeddedPaymentEvents(postgres_database, VAULT, PROGRAMMES, world.listener)
    signature = Signature("0" * 64, datetime.now(UTC) + timedelta(minutes=5))
    with postgres_database.writing() as import_of_a_file:
        moves.hold(import_of_a_file)
        with pytest.raises(DatabaseUnreachable):
            taker.take([told()], signature, "api core")
    assert taker.take([told()], signature, "api core")[0].outcome == "moved"
