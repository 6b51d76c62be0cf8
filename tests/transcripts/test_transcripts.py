"""Every golden transcript still comes out, key for key and byte for byte."""

from itertools import count
from pathlib import Path

import pytest

from gateway.core.embedded import references
from tests.phone import Phone
from tests.transcripts.script import cast, read

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.txt"))
ROWS = ("ready", "biometric", "expired", "disabled", "above", "filtered", "unsurveyed", "review", "deceased", "flood",
        "shared-a", "shared-b", "stranger", "kenya")  # fmt: skip
# What the state has for a family, a transcript each.
SYSTEMS = ("kafaalat", "kafaalat-appeal", "kafaalat-next-of-kin", "emergency", "loan", "sehat", "education", "nashonuma",
           "portal", "nser", "wallets", "services", "services-stranger")  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_transcript(path, gateway, record, monkeypatch):
    # References are drawn at random; here they count.
    numbers = count(1_000_001)
    monkeypatch.setattr(references.secrets, "randbelow", lambda limit: next(numbers) % limit)
    transcript = read(path)
    phone = Phone(gateway.client, cast()[transcript.caller]["phone"])
    if transcript.language != "ask":
        gateway.services.core.registry.choose_language(phone.number, transcript.language, "before")
    seen = []
    for step in transcript.steps:
        typed = transcript.typed(step, seen)
        if step.kind == "sms":
            seen.append(gateway.reply_to(phone, typed) or "(no answer)")
        elif typed.startswith("*"):
            phone.dial(typed)
            seen.append(phone.raw)
        else:
            phone.send(typed)
            seen.append(phone.raw)
    if record:
        for step, answer in zip(transcript.steps, seen, strict=True):
            step.answer = answer
        transcript.write()
    assert seen == [step.answer for step in transcript.steps]


@pytest.mark.parametrize("language", ["en", "ur_Latn", "ur"])
def test_every_row_has_a_transcript_by_dial_and_by_text(language):
    for row in (*ROWS, *SYSTEMS):
        transcript = read(HERE / language / f"{row}.txt")
        assert {step.kind for step in transcript.steps} == {"ussd", "sms"}, row
