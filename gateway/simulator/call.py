"""One USSD call as the network sees it: what was typed, what came back, how it ended. No input or output here."""

import json
import time
from dataclasses import asdict, dataclass, replace

from gateway.simulator import wire

SUCCESS, INCOMPLETE, FAILED = "Success", "Incomplete", "Failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answered to one hop.

    code        HTTP status, 0 where none came; millis the time it took
    label       the gateway's own label of the hop, from its header
    fault       why the network cannot use this answer, in full; empty for a good one
    reached     False if nobody listens at the address
    """

    code: int
    body: str
    label: str
    millis: float
    fault: str = ""
    reached: bool = True

    @property
    def page(self) -> str:
        """The text that the phone shows."""
        return "" if self.fault else self.body[4:]

    @property
    def ends(self) -> bool:
        return bool(self.fault) or self.body.startswith("END ")


@dataclass(frozen=True, slots=True)
class Call:
    """A call from its dial to its end.

    dialled     as typed (`*8171*1#`); service_code what it reaches (`*8171#`)
    typed       inputs so far; an extension is the first
    labels      labels of the hops so far; started in seconds since 1970
    status      empty while the call is open
    second      the other answer, if the last hop was posted twice
    notice      what became of the session-ended notice
    """

    session: str
    phone: str
    dialled: str
    service_code: str
    network: str
    started: float
    typed: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    hops: int = 0
    answer: Answer | None = None
    second: Answer | None = None
    status: str = ""
    why: str = ""
    notice: str = ""

    @property
    def open(self) -> bool:
        return not self.status

    @property
    def text(self) -> str:
        """Every input joined by `*`, as each hop carries it."""
        return "*".join(self.typed)

    @property
    def echoed(self) -> str:
        """The label that the next hop echoes."""
        return self.labels[-1] if self.labels else ""

    def with_input(self, keys: str) -> "Call":
        return replace(self, typed=(*self.typed, keys))

    def hop(self) -> wire.Form:
        return wire.hop(
            phone=self.phone,
            service_code=self.service_code,
            text=self.text,
            session=self.session,
            network=self.network,
        )

    def heard(self, answer: Answer, second: Answer | None = None) -> "Call":
        """The call after an answer; an END or a fault ends it."""
        status = "" if not answer.ends else FAILED if answer.fault else SUCCESS
        return replace(
            self,
            answer=answer,
            second=second,
            hops=self.hops + 1,
            labels=(*self.labels, answer.label),
            status=status,
            why="",
        )

    def cut(self, why: str) -> "Call":
        """The call, ended while the gateway expected more; `why` is shown."""
        return replace(self, status=INCOMPLETE, why=why)

    def forgotten(self) -> "Call":
        """The same ended call without what was typed: inputs hold PINs, and are needed no more."""
        return replace(self, typed=())

    def ended_form(self, now: float) -> wire.Form:
        """The notice that this call has ended."""
        return [
            ("durationInMillis", str(max(0, int((now - self.started) * 1000)))),
            ("phoneNumber", self.phone),
            ("errorMessage", self.answer.fault if self.answer else ""),
            ("serviceCode", self.service_code),
            ("lastAppResponse", self.answer.body if self.answer else ""),
            ("hopsMetadata", "|".join(label for label in self.labels if label)),
            ("hopsCount", str(self.hops)),
            ("status", self.status),
            ("sessionId", self.session),
            ("cost", "0.00"),
            ("date", time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now))),
            ("networkCode", self.network),
            ("input", self.text),
        ]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Call":
        fields = json.loads(text)
        for name in ("answer", "second"):
            fields[name] = Answer(**fields[name]) if fields[name] else None
        for name in ("typed", "labels"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def dial(dialled: str, phone: str, base: str, network: str = wire.SANDBOX_NETWORK) -> Call:
    """A new call, not yet posted. Raises ValueError for what no phone would dial."""
    service_code, extension = wire.split_dialled(dialled, base)
    return Call(
        session=wire.new_session(),
        phone=phone,
        dialled=dialled,
        service_code=service_code,
        network=network,
        started=time.time(),
        typed=(extension,) if extension else (),
    )
