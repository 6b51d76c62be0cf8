"""The SMS server with the aggregator's own SDK, the reports that follow, and texts from a phone."""

import re
import time
import uuid
from html import unescape

import pytest
import requests
from africastalking.Service import AfricasTalkingException
from africastalking.SMS import SMSService

READY, KENYA = "+923001234501", "+254711000521"
BODY = "8171: Rs 13,500 is ready."


@pytest.fixture
def sdk(stand_in):
    return make_sdk(stand_in.url)


def make_sdk(url: str, key: str = "demo-api-key", username: str = "sandbox") -> SMSService:
    service = SMSService(username, key)
    service._baseUrl = service._contentUrl = f"{url}/simulator/version1"
    return service


def trouble(url: str, name: str, caller: str = "ready", network: str = "99999") -> None:
    fields = {"caller": caller, "network": network, "notice": "once", "trouble": name}
    assert requests.post(f"{url}/simulator/line", fields, timeout=10).status_code == 200


def look(url: str, caller: str = "ready") -> str:
    page = requests.get(f"{url}/simulator", {"caller": caller}, timeout=10).text
    return unescape(re.search(r'id="thread".*?</ol>', page, re.DOTALL)[0])


def wait_to_see(url: str, text: str) -> None:
    until = time.monotonic() + 8
    while text not in look(url) and time.monotonic() < until:
        time.sleep(0.05)
    assert text in look(url)


def test_a_send_is_answered_for_each_recipient_and_reported(sdk, stand_in):
    trouble(stand_in.url, "none", network="41006")
    answer = sdk.send(BODY, [READY, KENYA], sender_id="8171")["SMSMessageData"]
    assert answer["Message"] == "Sent to 2/2 Total Cost: KES 1.6000 Message parts: 1"
    first, second = answer["Recipients"]
    assert re.fullmatch(r"ATXid_[0-9a-f]{32}", first["messageId"])
    assert first == {
        "statusCode": 101, "number": READY, "status": "Success", "cost": "KES 0.8000",
        "messageId": first["messageId"], "messageParts": 1,
    }  # fmt: skip
    reports = {got.form["id"]: got for got in stand_in.wait_for("delivery", 2)}
    report = reports[first["messageId"]]
    assert report.names == ["phoneNumber", "retryCount", "id", "status", "networkCode"]
    assert (report.form["phoneNumber"], report.form["status"]) == (READY, "Success")
    assert report.form["networkCode"] == "41006"
    assert reports[second["messageId"]].form["phoneNumber"] == KENYA
    wait_to_see(stand_in.url, "arrived, reported Success")
    assert BODY in look(stand_in.url)
    assert BODY in look(stand_in.url, "kenya")


def test_parts_and_cost_go_by_the_encoding(sdk):
    answer = sdk.send("آ" * 71, [READY])["SMSMessageData"]["Recipients"][0]
    assert (answer["messageParts"], answer["cost"]) == (2, "KES 1.6000")


def test_a_wrong_key_user_or_form_is_refused(stand_in):
    for key, username in (("other", "sandbox"), ("demo-api-key", "other")):
        with pytest.raises(AfricasTalkingException, match="The supplied authentication is invalid"):
            make_sdk(stand_in.url, key, username).send(BODY, [READY])
    url, whole = (
        f"{stand_in.url}/simulator/version1/messaging",
        {"username": "sandbox", "to": READY, "message": BODY},
    )
    assert requests.post(url, whole, timeout=10).status_code == 401
    for missing in whole:
        fields = {name: value for name, value in whole.items() if name != missing}
        answer = requests.post(url, fields, headers={"apiKey": "demo-api-key"}, timeout=10)
        assert (answer.status_code, answer.text) == (
            400,
            f"Request is missing required form field '{missing}'",
        )


def test_a_number_that_is_none_is_refused_alone(sdk, stand_in):
    answer = sdk.send(BODY, [READY, "+12345"])["SMSMessageData"]
    assert answer["Message"] == "Sent to 1/2 Total Cost: KES 0.8000 Message parts: 1"
    refused = answer["Recipients"][1]
    assert (refused["statusCode"], refused["status"]) == (403, "InvalidPhoneNumber")
    assert (refused["messageId"], refused["cost"]) == ("None", "0")


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("refused", 406, "UserInBlacklist"),
        ("balance", 405, "InsufficientBalance"),
        ("gateway-error", 501, "GatewayError"),
    ],
)
def test_a_phone_can_be_refused(sdk, stand_in, name, code, status):
    trouble(stand_in.url, name)
    answer = sdk.send(BODY, [READY])["SMSMessageData"]
    assert answer["Message"] == "Sent to 0/1 Total Cost: 0"
    assert (answer["Recipients"][0]["statusCode"], answer["Recipients"][0]["status"]) == (code, status)
    assert f"never came: {status}" in look(stand_in.url)
    time.sleep(0.2)
    assert not stand_in.of("delivery")


def test_a_whole_request_can_be_refused_or_fail(sdk, stand_in):
    trouble(stand_in.url, "sender")
    assert sdk.send(BODY, [READY, KENYA])["SMSMessageData"] == {
        "Message": "InvalidSenderId",
        "Recipients": [],
    }
    trouble(stand_in.url, "broken")
    with pytest.raises(AfricasTalkingException):
        sdk.send(BODY, [READY])
    assert BODY not in look(stand_in.url)


def test_a_time_out_comes_after_the_message_was_taken(sdk, stand_in):
    trouble(stand_in.url, "time-out")
    with pytest.raises(requests.ReadTimeout):
        sdk.send(BODY, [READY], timeout=(1, 0.3))
    assert BODY in look(stand_in.url)
    assert stand_in.wait_for("delivery")[0].form["status"] == "Success"


@pytest.mark.parametrize(("name", "reports"), [("no-report", []), ("two-reports", ["Success"] * 2)])
def test_reports_come_as_often_as_chosen(sdk, stand_in, name, reports):
    trouble(stand_in.url, name)
    sdk.send(BODY, [READY])
    if reports:
        stand_in.wait_for("delivery", len(reports))
    time.sleep(0.3)
    assert [got.form["status"] for got in stand_in.of("delivery")] == reports


def test_a_report_can_be_late_or_bad(sdk, stand_in):
    trouble(stand_in.url, "late-report")
    sdk.send(BODY, [READY])
    time.sleep(0.3)
    assert not stand_in.of("delivery")
    stand_in.wait_for("delivery")
    trouble(stand_in.url, "failed-report")
    sdk.send(BODY, [READY])
    failed = stand_in.wait_for("delivery", 2)[1]
    assert failed.names == ["phoneNumber", "failureReason", "retryCount", "id", "status", "networkCode"]
    assert (failed.form["status"], failed.form["failureReason"]) == ("Failed", "DeliveryFailure")


def test_a_report_that_is_not_taken_is_tried_a_few_times(sdk, stand_in):
    stand_in.codes = [503] * 9
    sdk.send(BODY, [READY])
    wait_to_see(stand_in.url, "given up (HTTP 503)")
    assert len(stand_in.of("delivery")) == 5


def test_a_text_is_posted_until_it_is_taken(stand_in):
    stand_in.codes = [500, 503]
    fields = {"caller": "ready", "body": "35202-1234501-2\r\nرقم & more"}
    assert requests.post(f"{stand_in.url}/simulator/text", fields, timeout=10).status_code == 200
    first, second, third = stand_in.wait_for("sms", 3)
    assert first.raw == second.raw == third.raw
    assert first.names == ["linkId", "text", "to", "id", "date", "from"]
    assert first.form["text"] == "35202-1234501-2\nرقم & more"
    assert (first.form["to"], first.form["from"]) == ("8171", READY)
    assert str(uuid.UUID(first.form["id"])) == first.form["id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.form["date"])
    wait_to_see(stand_in.url, "taken by 8171")
    time.sleep(0.3)
    assert len(stand_in.of("sms")) == 3


def test_a_phone_can_opt_out(stand_in):
    requests.post(f"{stand_in.url}/simulator/opt-out", {"caller": "ready"}, timeout=10)
    assert stand_in.wait_for("opt-out")[0].form == {"senderId": "8171", "phoneNumber": READY}
