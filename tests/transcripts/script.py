"""Golden transcripts: plain text, what a caller typed and every page she saw.

    caller: ready              a row of config/demo/cast.csv
    language: en               what she chose before (`ask` where she never chose)

    > *8171#                   a dial, or keys; `<pin>` and `<cnic>` are the caller's, `<cnic KEY>` another row's,
                               `<reference>` the number of eight digits that was told last
    CON Ehsaas 8171 ...

    sms> <cnic>                a text to 8171, and the text that comes back (`(no answer)` where none does)
    ...

`pytest tests/transcripts --record` writes what is seen now; read the difference before you commit it.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

CAST = Path(__file__).resolve().parents[2] / "config" / "demo" / "cast.csv"


def cast() -> dict[str, dict[str, str]]:
    """The demo's people by key."""
    with CAST.open(encoding="utf-8") as lines:
        return {row["key"]: row for row in csv.DictReader(line for line in lines if not line.startswith("#"))}


@dataclass
class Step:
    """One input and the answer to it. kind: `ussd` or `sms`."""

    kind: str
    typed: str
    answer: str = ""


@dataclass
class Transcript:
    path: Path
    caller: str
    language: str
    steps: list[Step] = field(default_factory=list)

    def write(self) -> None:
        blocks = [f"caller: {self.caller}\nlanguage: {self.language}"]
        blocks += [
            f"{'sms>' if step.kind == 'sms' else '>'} {step.typed}\n{step.answer}" for step in self.steps
        ]
        self.path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")

    def typed(self, step: Step, seen: Sequence[str] = ()) -> str:
        """What is really typed: the placeholders filled from the cast and from the answers seen so far."""
        people = cast()
        told = re.findall(r"(?<![0-9])[1-4][0-9]{7}(?![0-9])", "\n".join(seen))

        def fill(found: re.Match[str]) -> str:
            person = people[found[2] or self.caller]
            return person[found[1]].replace("-", "")

        typed = step.typed.replace("<reference>", told[-1] if told else "")
        return re.sub(r"<(pin|cnic)(?: ([\w-]+))?>", fill, typed)


def read(path: Path) -> Transcript:
    head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    transcript = Transcript(path, facts["caller"], facts["language"])
    for line in rest.splitlines():
        found = re.match(r"(sms)?> (.*)$", line)
        if found:
            transcript.steps.append(Step("sms" if found[1] else "ussd", found[2]))
        elif transcript.steps:
            transcript.steps[-1].answer += line + "\n"
    for step in transcript.steps:
        step.answer = step.answer.strip("\n")
    return transcript
