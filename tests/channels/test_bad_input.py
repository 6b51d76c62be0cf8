"""Whatever arrives at the webhooks, the aggregator gets an answer that it can use, and nobody a stack trace."""

import concurrent.futures

import pytest

from tests.phone import HOOK, Phone

SESSION = "ATUid_" + "a" * 32
GOOD = {
    "phoneNumber": "+923001234501",
    "serviceCode": "*8171#",
    "text": "",
    "sessionId": SESSION,
    "networkCode": "99999",
}


def body(**changes):
    fields = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return "&".join(
        f"{name}={value.replace('+', '%2B').replace('*', '%2A').replace('#', '%23')}"
        for name, value in fields.items()
    )


ODD_DIALS = {
    "nothing": b"",
    "no phone": body(phoneNumber=None).encode(),
    "empty phone": body(phoneNumber="").encode(),
    "no session": body(sessionId=None).encode(),
    "no text": body(text=None).encode(),
    "no network": body(networkCode=None).encode(),
    "no code": body(serviceCode=None).encode(),
    "unknown code": body(serviceCode="*123#").encode(),
    "unknown network": body(networkCode="12").encode(),
    "plus as a space": body().replace("%2B", "+").encode(),
    "two phones": (body() + "&phoneNumber=%2B923001234502").encode(),
    "two texts": (body() + "&text=1").encode(),
    "same twice": (body() + "&networkCode=99999").encode(),
    "64 KB of keys": body(text="1" * 65536).encode(),
    "1 MB": b"text=" + b"1" * 1_000_000,
    "a thousand fields": b"&".join(b"f%d=1" % n for n in range(1000)),
    "broken escapes": b"phoneNumber=%ZZ%FF%FE&sessionId=%&text=%C3%28",
    "control characters": body(text="1%00%07%1B").encode(),
    "emoji": body(text="%F0%9F%99%82").encode(),
    "urdu digits": body(text="%DB%B1").encode(),
    "stars": body(text="***").encode(),
    "a hash": body(text="1#").encode(),
    "not text at all": bytes(range(256)),
    "json": b'{"phoneNumber": "+923001234501"}',
    "a phone of letters": body(phoneNumber="+92abc").encode(),
    "a long session id": body(sessionId="x" * 5000).encode(),
    "a newline in the session id": body(sessionId="a%0d%0ab").encode(),
    "markup in the session id": body(sessionId="<script>%7B17%7D").encode(),
}


@pytest.mark.parametrize("what", ODD_DIALS)
@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", ""]
)
def test_an_odd_dial_gets_con_or_end(shared_gateway, what, content_type):
    answer = shared_gateway.client.post(f"{HOOK}/ussd", data=ODD_DIALS[what], content_type=content_type)
    said = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert said[:4] in {"CON ", "END "}
    assert len(said) > 10
    assert "Traceback" not in said
    assert "1234501" not in said


@pytest.mark.parametrize(
    "what",
    [
        "nothing",
        "no phone",
        "empty phone",
        "no session",
        "plus as a space",
        "two phones",
        "1 MB",
        "unknown code",
    ],
)
def test_what_cannot_be_answered_ends_in_the_default_language(shared_gateway, what):
    said = shared_gateway.client.post(f"{HOOK}/ussd", data=ODD_DIALS[what]).get_data(as_text=True)
    assert said.startswith("END ")
    book = shared_gateway.services.book
    offered = {
        book.page(name, book.default_language).text for name in ("common.unreadable", "common.not_ours")
    }
    assert said[4:] in offered


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_another_method_gets_an_end(shared_gateway, method):
    answer = getattr(shared_gateway.client, method)(f"{HOOK}/ussd")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).startswith("END ")


@pytest.mark.parametrize("hook", ["ussd", "sms", "ussd-ended", "delivery", "opt-out"])
def test_a_wrong_token_is_not_found(shared_gateway, hook):
    assert shared_gateway.client.post(f"/africastalking/other/{hook}", data=GOOD).status_code == 404


@pytest.mark.parametrize("hook", ["sms", "ussd-ended", "delivery", "opt-out"])
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"%ZZ=%FF",
        b"id=1",
        b"from=%2B923001234501&id=&text=",
        b"x" * 70000,
        bytes(range(256)),
        b"status=Strange&id=nobody&phoneNumber=%2B923001234501",
    ],
)
def test_an_odd_notice_is_answered_200(shared_gateway, hook, sent):
    answer = shared_gateway.client.post(f"{HOOK}/{hook}", data=sent)
    assert answer.status_code == 200
    assert shared_gateway.client.get(f"{HOOK}/{hook}").status_code == 200


def test_odd_dials_change_nothing_for_a_caller(gateway):
    phone = Phone(gateway.client, "+923001234501")
    before = phone.dial(session=SESSION)
    for sent in (
        ODD_DIALS["two phones"],
        ODD_DIALS["unknown code"],
        body(phoneNumber="+923001234502").encode(),
        body(text="9*9").replace("%2B923001234501", "%2B923001234599").encode(),
    ):
        gateway.client.post(f"{HOOK}/ussd", data=sent)
    assert phone.hop() == before


def test_many_at_once_are_all_answered(gateway):
    def one(number):
        return (
            gateway.client.application.test_client()
            .post(f"{HOOK}/ussd", data=body(sessionId=f"ATUid_{number:032x}"))
            .get_data()
        )

    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(one, range(64)))
    assert all(answer.startswith(b"CON ") for answer in answers)


def test_a_text_that_cannot_be_stored_is_asked_for_again(gateway):
    with gateway.services.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE inbox")
    sent = {"from": "+923001234520", "to": "8171", "text": "HELP", "id": "x1", "date": "2026-11-22T06:04:45Z"}
    answer = gateway.client.post(f"{HOOK}/sms", data=sent)
    assert answer.status_code == 503
    assert "inbox" not in answer.get_data(as_text=True)
