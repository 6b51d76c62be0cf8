"""The wire, against requests as they were captured."""

from urllib.parse import parse_qsl

import pytest

from gateway.simulator import call as calling
from gateway.simulator import wire
from gateway.simulator.call import Answer
from gateway.simulator.line import judge, label_fault

SESSION = "ATUid_e9d0662dea3f3db658e79d9b62f7900c"


def test_a_hop_is_byte_for_byte_as_captured():
    form = wire.hop(
        phone="+254000000001", service_code="*384*70421#", text="1*1*0", session=SESSION, network="99999"
    )
    assert wire.encode(form) == (
        b"phoneNumber=%2B254000000001&serviceCode=%2A384%2A70421%23&text=1%2A1%2A0"
        b"&sessionId=ATUid_e9d0662dea3f3db658e79d9b62f7900c&networkCode=99999"
    )


def test_a_report_is_byte_for_byte_as_captured():
    form = wire.report(
        phone="+254706318147", message_id="ATXid_8c7541e938f63538f971f946dd25b54e", status="Failed",
        reason="DeliveryFailure", network="63902",
    )  # fmt: skip
    assert wire.encode(form) == (
        b"phoneNumber=%2B254706318147&failureReason=DeliveryFailure&retryCount=0"
        b"&id=ATXid_8c7541e938f63538f971f946dd25b54e&status=Failed&networkCode=63902"
    )


def test_the_notice_of_the_end_has_the_captured_order_and_empty_fields():
    call = calling.dial("*8171#", "+923001234501", "*8171#")
    call = call.heard(Answer(200, "CON Ehsaas\n1 My money", "common.home", 12.0)).cut("she dropped the call")
    body = wire.encode(call.ended_form(call.started + 0.192)).decode()
    assert [pair.partition("=")[0] for pair in body.split("&")] == [
        "durationInMillis", "phoneNumber", "errorMessage", "serviceCode", "lastAppResponse", "hopsMetadata", "hopsCount",
        "status", "sessionId", "cost", "date", "networkCode", "input",
    ]  # fmt: skip
    assert "errorMessage=&" in body
    assert body.endswith("&input=")
    assert (
        "lastAppResponse=CON+Ehsaas%0A1+My+money&hopsMetadata=common.home&hopsCount=1&status=Incomplete"
        in body
    )
    assert dict(parse_qsl(body))["durationInMillis"] in {"191", "192"}


def test_inputs_are_joined_and_a_star_is_not_escaped():
    call = calling.dial("*8171#", "+923001234501", "*8171#")
    texts = [call.text]
    for keys in ("1", "", "**", "#", "میری رقم"):
        call = call.with_input(keys)
        texts.append(call.text)
    assert texts == ["", "1", "1*", "1****", "1****" + "*#", "1****" + "*#*میری رقم"]


@pytest.mark.parametrize(
    ("dialled", "code", "text"),
    [
        ("*8171#", "*8171#", ""),
        ("*8171*1#", "*8171#", "1"),
        ("*8171*1*2#", "*8171#", "1*2"),
        ("*9999#", "*9999#", ""),
        ("*81710#", "*81710#", ""),
    ],
)
def test_an_extension_goes_into_the_first_text(dialled, code, text):
    call = calling.dial(dialled, "+923001234501", "*8171#")
    assert (call.service_code, call.text) == (code, text)


@pytest.mark.parametrize("dialled", ["", "8171", "*8171", "8171#", "*#", "**8171#", "*81a#", "*8171#\n"])
def test_what_no_phone_would_dial_is_refused(dialled):
    with pytest.raises(ValueError, match="begins with"):
        calling.dial(dialled, "+923001234501", "*8171#")


def test_what_was_typed_is_forgotten_with_the_call():
    call = calling.dial("*8171#", "+923001234501", "*8171#").with_input("4821")
    call = call.heard(Answer(200, "END ok", "", 1.0))
    assert "4821" in call.to_json()
    assert "4821" not in call.forgotten().to_json()
    assert calling.Call.from_json(call.to_json()) == call


@pytest.mark.parametrize(
    ("code", "body", "fault"),
    [
        (200, b"CON Ehsaas", ""),
        (200, b"END bye", ""),
        (200, "CON احساس".encode(), ""),
        (404, b"CON Ehsaas", "unexpected response code: 404"),
        (302, b"", "unexpected response code: 302"),
        (200, b"", "Response should start with a CON or an END (the body is empty)"),
        (200, b" CON Ehsaas", "Response should start with a CON or an END (something stands before it)"),
        (
            200,
            b"\xef\xbb\xbfCON x",
            "Response should start with a CON or an END (something stands before it)",
        ),
        (200, b'"CON Ehsaas"', "Response should start with a CON or an END"),
        (200, b"CONtinue", "Response should start with a CON or an END"),
        (200, b"CON \xff\xfe", "the answer is not UTF-8"),
    ],
)
def test_answers_are_judged_as_the_network_does(code, body, fault):
    assert judge(code, body, "") == fault


def test_a_label_that_cannot_be_echoed_is_a_fault():
    assert "99" in label_fault("a" * 100)
    assert "|" in label_fault("a|b")
    assert not label_fault("payments.home")
