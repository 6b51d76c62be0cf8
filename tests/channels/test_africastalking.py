"""Africa's Talking's requests, read; its API, asked over real HTTP."""

import contextlib
import json
import os
import socket
import ssl
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import parse_qsl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import clock
from gateway.channels import africastalking_sms
from gateway.channels.africastalking import AfricasTalking
from gateway.channels.aggregator import Unreadable
from gateway.conversation.session import Page
from gateway.errors import AggregatorError
from tests.channels import cases_africastalking as cases
from tests.parts.aggregator import HANG_SECONDS

A, B, C = "+923001234501", "+923001234502", "+923001234503"


def form(raw):
    return dict(parse_qsl(raw, keep_blank_values=True))


@pytest.fixture(scope="module")
def channel():
    return AfricasTalking("sandbox", "test-key")


@pytest.fixture
def sending(aggregator, monkeypatch):
    monkeypatch.setattr(africastalking_sms, "TIMEOUT", (1.0, HANG_SECONDS / 3))
    return AfricasTalking("sandbox", "test-key", url=aggregator.url, sender="8171")


def _ids(table):
    return pytest.mark.parametrize("case", list(table.values()), ids=list(table))


@_ids(cases.DIALS)
def test_a_dial_is_read(channel, case):
    raw, dial = case
    assert channel.parse_dial(form(raw), {}) == dial


@_ids(cases.UNREADABLE_DIALS)
def test_a_dial_without_phone_or_session_is_unreadable(channel, case):
    with pytest.raises(Unreadable):
        channel.parse_dial(form(case), {})


def test_our_label_comes_back_with_the_next_hop(channel):
    raw, dial = cases.DIALS["third key"]
    assert channel.parse_dial(form(raw), {"at-ussd-hop-metadata": "payments.latest"}) == dial._replace(
        label="payments.latest"
    )


def test_a_huge_trail_is_bounded_and_stays_the_same(channel):
    raw = f"phoneNumber=%2B254000000001&sessionId={cases.SESSION}&text=" + "1*" * 40_000
    first, second = (channel.parse_dial(form(raw), {}) for _ in range(2))
    assert first == second
    assert len(first.trail) < 5000


@_ids(cases.ENDED)
def test_a_session_ended_notice_is_read(channel, case):
    raw, ended = case
    assert channel.parse_ended(form(raw)) == ended


@_ids(cases.TEXTS)
def test_a_text_is_read(channel, case):
    raw, text, moment = case
    assert channel.parse_text(form(raw)) == replace(text, sent_at=moment and datetime.fromisoformat(moment))


@_ids(cases.UNREADABLE_TEXTS)
def test_a_text_that_cannot_be_answered_is_unreadable(channel, case):
    with pytest.raises(Unreadable):
        channel.parse_text(form(case))


@_ids(cases.REPORTS)
def test_a_delivery_report_is_read(channel, case):
    raw, report = case
    assert channel.parse_report(form(raw)) == report


@_ids(cases.OPT_OUTS)
def test_an_opt_out_is_read(channel, case):
    raw, opt_out = case
    assert channel.parse_opt_out(form(raw)) == opt_out


_anything = st.dictionaries(
    st.sampled_from(
        [
            "sessionId",
            "phoneNumber",
            "text",
            "serviceCode",
            "networkCode",
            "id",
            "from",
            "to",
            "date",
            "status",
        ]
    ),
    st.text(max_size=40) | st.sampled_from([A, "a1", "923001234501", "2017-05-03"]),
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # the first draw builds Unicode's tables
@given(_anything)
def test_whatever_comes_is_read_or_unreadable(fields):
    channel = AfricasTalking("sandbox", "test-key")
    for parse in (
        lambda: channel.parse_dial(fields, fields),
        lambda: channel.parse_ended(fields),
        lambda: channel.parse_text(fields),
        lambda: channel.parse_report(fields),
        lambda: channel.parse_opt_out(fields),
    ):
        with contextlib.suppress(Unreadable):
            parse()


def test_a_page_is_rendered_with_its_label(channel):
    assert channel.render_page(Page("Hello\n1 Yes", end=False, screen="common.home")) == (
        "CON Hello\n1 Yes",
        {"at-ussd-hop-metadata": "common.home"},
    )
    body, headers = channel.render_page(Page("Bye", end=True, screen="a|b" + "x" * 200))
    assert body == "END Bye"
    assert len(headers["at-ussd-hop-metadata"]) <= 99
    assert "|" not in headers["at-ussd-hop-metadata"]


# -- sending -----------------------------------------------------------------------------------------------------------
def test_a_send_has_the_wire_of_the_sdk(sending, aggregator):
    [receipt] = sending.send("Rs 13,500 aa gaye", [A])
    [request] = aggregator.requests
    assert request.path == "/version1/messaging"
    assert request.fields == {
        "username": "sandbox",
        "to": A,
        "message": "Rs 13,500 aa gaye",
        "bulkSMSMode": "1",
        "from": "8171",
    }
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"].startswith("africastalking-python/")
    assert (receipt.phone, receipt.status, receipt.reason) == (A, "accepted", "")
    assert receipt.id == aggregator.id_for(A)
    assert receipt.cost == "KES 0.8000"


@pytest.mark.parametrize("play", ["charset", "no_parts"])
def test_variants_of_the_answer_are_understood(sending, aggregator, play):
    aggregator.next_calls.append(play)
    assert [receipt.status for receipt in sending.send("hello", [A, B])] == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("code", "word", "status"),
    [
        (100, "Processed", "accepted"),
        (101, "Sent", "accepted"),
        (102, "Queued", "accepted"),
        (401, "RiskHold", "hold"),
        (402, "InvalidSenderId", "refused"),
        (403, "InvalidPhoneNumber", "refused"),
        (404, "UnsupportedNumberType", "refused"),
        (405, "InsufficientBalance", "pause"),
        (406, "UserInBlacklist", "refused"),
        (407, "CouldNotRoute", "refused"),
        (409, "DoNotDisturbRejection", "refused"),
        (500, "InternalServerError", "retry"),
        (501, "GatewayError", "retry"),
        (502, "RejectedByGateway", "refused"),
        (418, "SomethingNew", "refused"),
    ],
)
def test_each_recipient_has_a_receipt_of_its_own(sending, aggregator, code, word, status):
    aggregator.outcomes[B] = (code, word)
    receipts = sending.send("hello", [A, B, C])
    assert [receipt.phone for receipt in receipts] == [A, B, C]
    assert [receipt.status for receipt in receipts] == ["accepted", status, "accepted"]
    assert bool(receipts[1].id) == (status == "accepted")
    assert receipts[1].reason == ("" if status == "accepted" else word)


def test_a_phone_that_cannot_be_sent_to_spoils_nothing(sending, aggregator):
    receipts = sending.send("hello", ["03001234501", A, "+92"])
    assert [receipt.status for receipt in receipts] == ["refused", "accepted", "refused"]
    assert aggregator.requests[0].to == [A]
    assert [receipt.status for receipt in sending.send("hello", ["+92"])] == ["refused"]
    assert len(aggregator.requests) == 1


@pytest.mark.parametrize(
    ("play", "kind"),
    [
        ((401, "text/plain", "The supplied authentication is invalid"), "hold"),
        ((400, "text/plain", "Request is missing required form field 'to'"), "refused"),
        ((404, "text/plain", ""), "hold"),
        ((302, "text/html", ""), "hold"),
        ((429, "text/plain", "slow down"), "retry"),
        ((500, "text/plain", "oops"), "unknown"),
        ((502, "text/html", "<html>"), "unknown"),
        ((503, "text/plain", ""), "unknown"),
        ((504, "text/plain", ""), "unknown"),
        ((201, "text/html", "<html>hello</html>"), "unknown"),
        ((201, "application/json", "[]"), "unknown"),
        ((201, "application/json", '{"SMSMessageData": {}}'), "unknown"),
        ("refuse_all", "hold"),
        ("hang", "unknown"),
        ("reset", "unknown"),
    ],
    ids=str,
)
def test_a_call_that_fails_says_how(sending, aggregator, play, kind):
    aggregator.next_calls.append(play)
    with pytest.raises(AggregatorError) as caught:
        sending.send("hello", [A])
    assert caught.value.kind == kind
    assert A not in str(caught.value)
    assert sending.send("again", [A])[0].status == "accepted"


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("InvalidSenderId", "hold"), ("InsufficientBalance", "pause"), ("Whatever", "refused")],
)
def test_201_without_recipients_is_a_failure(sending, aggregator, reason, kind):
    aggregator.refusal = reason
    aggregator.next_calls.append("refuse_all")
    with pytest.raises(AggregatorError, match=reason) as caught:
        sending.send("hello", [A])
    assert caught.value.kind == kind


def listing(*numbers):
    said = [
        {"statusCode": 101, "number": each, "status": "Success", "cost": "0", "messageId": each[-3:]}
        for each in numbers
    ]
    return (
        201,
        "application/json",
        json.dumps({"SMSMessageData": {"Message": "Sent", "Recipients": said}}),
    )


@pytest.mark.parametrize("spelt", ["923001234502", "+92 300 1234502", "00923001234502", "0300-1234502"])
def test_a_recipient_is_known_under_another_spelling(sending, aggregator, spelt):
    aggregator.next_calls.append(listing(A, spelt))
    assert [(receipt.status, receipt.id) for receipt in sending.send("hello", [A, B])] == [
        ("accepted", "501"),
        ("accepted", "502"),
    ]


@pytest.mark.parametrize("spelt", ["", "4502", "+254711000502"])
def test_a_recipient_who_is_not_listed_may_have_been_sent_to(sending, aggregator, spelt):
    aggregator.next_calls.append(listing(A, spelt))
    receipts = sending.send("hello", [A, B])
    assert [(receipt.status, receipt.reason) for receipt in receipts] == [
        ("accepted", ""),
        ("unknown", "NotListed"),
    ]


def test_a_wrong_key_is_held(aggregator):
    with pytest.raises(AggregatorError) as caught:
        AfricasTalking("sandbox", "wrong", url=aggregator.url).send("hello", [A])
    assert caught.value.kind == "hold"


def test_nobody_listening_is_tried_again():
    with pytest.raises(AggregatorError) as caught:
        AfricasTalking("sandbox", "k", url="http://127.0.0.1:9").send("hello", [A])
    assert caught.value.kind == "retry"


@contextlib.contextmanager
def listener(play):
    """An address whose every connection is played with."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with server.accept()[0] as connection, contextlib.suppress(OSError):
                play(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A file of a key and a certificate for 127.0.0.1, which is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    return file


def answer_without_tls(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def send_to(url):
    with pytest.raises(AggregatorError) as caught:
        AfricasTalking("sandbox", "k", url=url).send("hello", [A])
    return caught.value


def test_a_handshake_that_fails_is_tried_again(certificate):
    with listener(answer_without_tls) as url:
        fault = send_to(url)
    assert (fault.kind, str(fault)) == ("retry", "SSLError")


def test_a_certificate_that_is_not_trusted_is_tried_again(certificate, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    with listener(lambda connection: inside.wrap_socket(connection, server_side=True)) as url:
        assert send_to(url).kind == "retry"


def test_tls_that_breaks_in_the_answer_is_unknown(certificate):
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)

    def take_and_break(connection):
        with inside.wrap_socket(connection, server_side=True) as secured:
            while b"hello" not in secured.recv(65536):
                pass
            with socket.socket(fileno=os.dup(secured.fileno())) as bare:
                bare.sendall(b"no TLS record at all")

    with listener(take_and_break) as url:
        assert (fault := send_to(url)).kind == "unknown"
    assert str(fault) == "SSLError"


def test_one_thread_keeps_one_connection(sending, aggregator):
    for _ in range(5):
        sending.send("hello", [A])
    assert len(aggregator.connections) == 1
    others = [threading.Thread(target=sending.send, args=("hello", [A])) for _ in range(2)]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join()
    assert len(aggregator.connections) == 3


def test_a_connection_that_idled_is_opened_anew(sending, aggregator, monkeypatch):
    sending.send("hello", [A])
    monkeypatch.setattr(africastalking_sms, "_IDLE_SECONDS", 0)
    sending.send("hello", [A])
    assert len(aggregator.connections) == 2


def test_own_addresses_hold_without_another_base():
    assert AfricasTalking("sandbox", "k")._api._baseUrl == "https://api.sandbox.africastalking.com/version1"
    assert AfricasTalking("ehsaas", "k")._api._baseUrl == "https://api.africastalking.com/version1"
