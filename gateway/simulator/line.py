"""The line to the gateway: posts what the aggregator posts, and judges the answer as the network would."""

import time
from concurrent.futures import ThreadPoolExecutor

import requests

from gateway.simulator import wire
from gateway.simulator.call import Answer, Call

ANSWER_SECONDS = 10.0
_LARGEST_ANSWER = 64 * 1024
_WRONG_START = "Response should start with a CON or an END"


class Line:
    """A gateway's webhooks under `<url>/africastalking/<token>/`."""

    def __init__(self, gateway_url: str, token: str, seconds: float = ANSWER_SECONDS) -> None:
        self._base = f"{gateway_url.rstrip('/')}/africastalking/{token}"
        self._seconds = seconds

    def hop(self, call: Call) -> Answer:
        """Post one hop. Never raises: what went wrong stands in `fault`."""
        headers = dict(wire.USSD_HEADERS) | ({wire.LABEL_HEADER: call.echoed} if call.echoed else {})
        began = time.perf_counter()
        code, body, label, fault, reached = 0, b"", "", "", True
        try:
            with open_session() as session:
                reply = session.post(
                    f"{self._base}/ussd",
                    data=wire.encode(call.hop()),
                    headers=headers | {"Content-Type": wire.FORM_TYPE},
                    timeout=self._seconds,
                    allow_redirects=False,
                    stream=True,
                )
                code, label = reply.status_code, reply.headers.get(wire.LABEL_HEADER, "")
                body = _read(reply, began + self._seconds)
        except (requests.Timeout, TimeoutError):
            fault = f"no answer within {self._seconds:g} s"
        except requests.ConnectionError:
            fault, reached = "the gateway cannot be reached", False
        except (requests.RequestException, ValueError) as error:
            fault, reached = f"the address cannot be used: {type(error).__name__}", False
        millis = (time.perf_counter() - began) * 1000
        text, fault = (body.decode("utf-8", "replace"), fault or judge(code, body, label))
        return Answer(code, text, label if not label_fault(label) else "", millis, fault, reached)

    def hop_twice(self, call: Call) -> tuple[Answer, Answer]:
        """The same hop in two requests at once."""
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(self.hop, (call, call))
        return first, second

    def notify(self, session: requests.Session, hook: str, form: wire.Form) -> int:
        """Post any other notice and return the HTTP status; raises requests.RequestException."""
        reply = session.post(
            f"{self._base}/{hook}",
            data=wire.encode(form),
            headers={"Content-Type": wire.FORM_TYPE},
            timeout=self._seconds,
            allow_redirects=False,
        )
        return reply.status_code


def open_session() -> requests.Session:
    """A session that sends no headers but its own and goes through no proxy."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"User-Agent": wire.USSD_HEADERS["User-Agent"], "Accept-Encoding": "gzip"})
    return session


def judge(code: int, body: bytes, label: str) -> str:
    """Why the network would refuse this answer, or nothing."""
    if code != 200:
        return f"unexpected response code: {code}"
    if not body:
        return f"{_WRONG_START} (the body is empty)"
    if body[:1].isspace() or body.startswith(b"\xef\xbb\xbf"):
        return f"{_WRONG_START} (something stands before it)"
    if body[:4] not in {b"CON ", b"END "}:
        return _WRONG_START
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "the answer is not UTF-8"
    return label_fault(label)


def label_fault(label: str) -> str:
    if len(label) > wire.LONGEST_LABEL:
        return f"{wire.LABEL_HEADER} is longer than {wire.LONGEST_LABEL} characters"
    return f"{wire.LABEL_HEADER} holds a |" if "|" in label else ""


def _read(reply: requests.Response, until: float) -> bytes:
    """The body, within the time that is left; a longer one than any page is cut."""
    body = b""
    for piece in reply.iter_content(8192):
        body += piece
        if time.perf_counter() > until:
            raise TimeoutError
        if len(body) >= _LARGEST_ANSWER:
            break
    return body
