"""Messages, cases and sessions as other systems read them, page by page and singly, and what they may start."""

import pytest

from gateway.messages.by_hand import MOST_A_DAY
from gateway.staff.roles import Role, Scope

HERS, OTHER = "+923001234501", "+923001234599"
MASKED = "+92*******501"


def all_pages(asker, path, name, key):
    """What every page of two entries holds, until there is no next."""
    found, rest = [], ""
    while True:
        page = asker.read(f"{path}?limit=2{rest}").json
        found += [entry[key] for entry in page[name]]
        if page["next"] is None:
            return found
        assert len(page[name]) == 2
        rest = f"&cursor={page['next']}"


def test_messages_come_page_by_page_each_once(gateway, system):
    asker = system(gateway)
    for number in range(5):
        asker.send("/messages", {"phone": f"+92300123450{number}", "template": "help"})
    found = all_pages(asker, "/messages", "messages", "id")
    assert len(found) == len(set(found)) >= 5
    assert asker.read("/messages?since=2026-11-23T00:00:00Z").json == {"messages": [], "next": None}
    assert len(asker.read("/messages?since=2026-11-22T07:00:00Z&limit=200").json["messages"]) == len(found)


def test_a_message_shows_no_phone_and_changes_its_etag_with_its_state(gateway, system):
    asker = system(gateway)
    number = asker.send("/messages", {"phone": HERS, "template": "help", "language": "en"}).json["id"]
    first = asker.read(f"/messages/{number}")
    assert (first.json["phone"], first.json["state"]) == (MASKED, "pending")
    assert first.json["body"].startswith("8171: Send a CNIC")
    assert HERS not in first.text
    assert "body" not in asker.read("/messages").json["messages"][0]
    again = asker.read(f"/messages/{number}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    gateway.services.outbox.claim()
    later = asker.read(f"/messages/{number}", **{"If-None-Match": first.headers["ETag"]})
    assert (later.status_code, later.json["state"]) == (200, "claimed")
    assert later.headers["Cache-Control"] == "no-store"


def test_a_key_is_one_message(gateway, system):
    asker, other = system(gateway), system(gateway)
    wanted, before = {"phone": HERS, "template": "help"}, len(gateway.texts_to(HERS))
    first = asker.send("/messages", wanted, Idempotency_Key="a")
    again = asker.send("/messages", wanted, Idempotency_Key="a")
    assert (first.status_code, first.data) == (201, again.data)
    assert other.send("/messages", wanted, Idempotency_Key="a").json["id"] != first.json["id"]
    for changed in ({"template": "details_how"}, {"phone": OTHER}, {"language": "ur"}):
        assert asker.send("/messages", wanted | changed, Idempotency_Key="a").status_code == 409
    assert len(gateway.texts_to(HERS)) == before + 2


@pytest.mark.parametrize(
    "wrong",
    [{"template": "payment_ready"}, {"template": "answer_failed"}, {"phone": "03001234501"}, {"language": "fr"}, {"body": "x"}],
)  # fmt: skip
def test_only_reviewed_texts_go_out(gateway, system, wrong):
    before = gateway.texts_to(HERS)
    answer = system(gateway).send("/messages", {"phone": HERS, "template": "help"} | wrong)
    assert answer.status_code == 422
    assert answer.json["faults"][0]["field"] == next(iter(wrong))
    assert gateway.texts_to(HERS) == before


def test_a_text_that_names_a_day_needs_one_that_is_still_to_come(gateway, system):
    asker, wanted = system(gateway), {"phone": HERS, "template": "staff_documents", "language": "en"}
    before = len(gateway.texts_to(HERS))
    for day in ({}, {"day": "2026-11-21"}, {"day": "soon"}):
        refused = asker.send("/messages", wanted | day)
        assert (refused.status_code, refused.json["faults"][0]["field"]) == (422, "day")
    assert asker.send("/messages", wanted | {"template": "help", "day": "2026-11-30"}).status_code == 422
    sent = [asker.send("/messages", wanted | {"day": "2026-11-30"}, Idempotency_Key="a") for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 201]
    assert "by 30 Nov" in sent[0].json["body"]
    other = asker.send("/messages", wanted | {"day": "2026-12-01"}, Idempotency_Key="a")
    assert other.status_code == 409
    assert gateway.texts_to(HERS)[before:] == [sent[0].json["body"]]


def test_a_case_is_opened_once_and_each_move_is_told(gateway, system):
    asker = system(gateway, Role.SUPERVISOR, Scope.CASES_READ, Scope.CASES_WRITE)
    wanted = {"category": "loan", "phone": HERS, "words": "The book says another sum"}
    first = asker.send("/cases", wanted, Idempotency_Key="a")
    assert (first.status_code, first.json["phone"], first.json["state"]) == (201, MASKED, "new")
    assert asker.send("/cases", wanted, Idempotency_Key="a").data == first.data
    assert asker.send("/cases", wanted).json["reference"] == first.json["reference"]
    assert asker.send("/cases", wanted | {"category": "scam"}, Idempotency_Key="a").status_code == 409
    path = f"/cases/{first.json['reference']}"
    before = asker.read(path)
    moved = asker.send(f"{path}/moves", {"state": "resolved", "note": "Seen to"})
    assert [step["state"] for step in moved.json["steps"]] == ["new", "resolved"]
    assert first.json["reference"] in gateway.texts_to(HERS)[-1]
    assert asker.send(f"{path}/moves", {"state": "resolved"}).status_code == 409
    assert asker.read(path, **{"If-None-Match": before.headers["ETag"]}).status_code == 200
    assert "another sum" not in moved.text
    assert "Seen to" not in moved.text


def test_a_move_carries_a_text_for_who_may_send_one(gateway, system):
    asker, cases_only = system(gateway), system(gateway, Role.SUPERVISOR, Scope.CASES_WRITE)
    path = f"/cases/{asker.send('/cases', {'category': 'loan', 'phone': HERS}).json['reference']}/moves"
    before, wanted = len(gateway.texts_to(HERS)), {"state": "resolved", "text": "staff_documents"}
    assert cases_only.send(path, wanted | {"day": "2026-11-30"}).status_code == 403
    for wrong in (wanted, wanted | {"day": "2026-11-21"}, {"state": "resolved", "day": "2026-11-30"}):
        refused = asker.send(path, wrong)
        assert (refused.status_code, refused.json["faults"][0]["field"]) == (422, "day")
    assert asker.send(path, wanted | {"text": "payment_ready"}).status_code == 422
    assert len(gateway.texts_to(HERS)) == before
    assert asker.send(path, wanted | {"day": "2026-11-30"}).json["state"] == "resolved"
    assert asker.send(path, wanted | {"day": "2026-11-30"}).status_code == 409
    moved, text = gateway.texts_to(HERS)[before:]
    assert path.split("/")[2] in moved
    assert "tehsil" in text
    entry = gateway.services.staff.audit.entries(act="case_moved")[0]
    assert entry.detail == {"state": "resolved", "text": "staff_documents"}


def test_a_move_whose_text_is_one_too_many_is_not_made(gateway, system):
    asker, by_hand = system(gateway), gateway.services.by_hand
    reference = asker.send("/cases", {"category": "loan", "phone": HERS}).json["reference"]
    for number in range(MOST_A_DAY):
        by_hand.send(HERS, by_hand.chosen("staff_scam", None), key=f"k{number}", subject="")
    before, wanted = len(gateway.texts_to(HERS)), {"state": "resolved", "text": "staff_thumb"}
    assert asker.send(f"/cases/{reference}/moves", wanted).status_code == 409
    assert asker.read(f"/cases/{reference}").json["state"] == "new"
    assert len(gateway.texts_to(HERS)) == before
    assert asker.send(f"/cases/{reference}/moves", {"state": "resolved"}).json["state"] == "resolved"


def test_cases_come_page_by_page_and_by_state(gateway, system):
    asker = system(gateway)
    opened = [
        asker.send("/cases", {"category": "loan", "phone": f"+92300123459{number}"}).json["reference"]
        for number in range(5)
    ]
    assert all_pages(asker, "/cases", "cases", "reference")[-5:] == opened
    asker.send(f"/cases/{opened[2]}/moves", {"state": "closed"})
    (closed,) = asker.read("/cases?state=closed").json["cases"]
    assert closed["reference"] == opened[2]
    assert asker.read("/cases?since=2026-11-23").json["cases"] == []


def test_a_session_is_what_the_phone_showed_without_the_pin(gateway, system):
    phone = gateway.phone(HERS)
    shown = [phone.dial(), phone.send("1"), phone.send("2580")]
    gateway.phone(OTHER).dial()
    gateway.phone(OTHER).dial()
    gateway.services.journal.drain()
    asker = system(gateway)
    ids = all_pages(asker, "/sessions", "sessions", "id")
    assert len(ids) == len(set(ids)) == 3
    wholes = [asker.read(f"/sessions/{one}") for one in ids]
    (hers,) = [whole for whole in wholes if whole.json["session"]["turns"] == 3]
    assert [turn["text"] for turn in hers.json["turns"]] == shown
    assert (hers.json["session"]["ending"], hers.json["session"]["lasted"]) == ("live", None)
    phone.hang_up(seconds=40)
    ended = asker.read(f"/sessions/{phone.session}").json["session"]
    assert (ended["ending"], ended["answered"], ended["lasted"]) == ("timed_out", False, 40.0)
    assert "2580" not in hers.text
    assert HERS not in hers.text


@pytest.mark.parametrize("path", ["/messages", "/cases", "/sessions"])
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=!", "cursor=e30", "cursor=Wy0xXQ", "cursor=WyJ4IiwgMV0", "page=2"]
)  # fmt: skip
def test_a_query_that_does_not_fit_is_refused(shared_gateway, system, path, query):
    answer = system(shared_gateway).read(f"{path}?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nowhere", "GET", 404), ("/messages", "DELETE", 405), ("/messages/99999999999999999999", "GET", 404), ("/sessions/%00", "GET", 404), ("/cases/%0a", "GET", 404)],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_too(shared_gateway, system, path, method, status):
    asker = system(shared_gateway)
    answer = asker.client.open(f"/api/v1{path}", method=method, headers=asker.bearer)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{", "application/json", 400), (b"[]", "application/json", 422), (b"x", "text/plain", 422), (b"x" * 1_100_000, "application/json", 413)],
)  # fmt: skip
def test_a_body_that_cannot_be_read(shared_gateway, system, body, kind, status):
    asker = system(shared_gateway)
    headers = asker.bearer | {"Idempotency-Key": "k"}
    answer = asker.client.post("/api/v1/cases", data=body, content_type=kind, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_it_can_be_left_out(gateway_on, store_url):
    assert gateway_on(store_url, api=False).client.get("/api/v1/openapi.json").status_code == 404


def test_the_webhooks_go_past_it(gateway):
    assert gateway.phone(HERS).dial()
    assert gateway.client.get("/healthz").data == b"ok"
    assert gateway.client.get("/apiary").status_code == 404
