"""A dial as a golden transcript: plain text that `tests/transcripts` walks again. The form is pinned here."""

from collections.abc import Callable, Mapping, Sequence

from gateway.conversation.session import Turn

CALLER, LANGUAGE = "caller: ", "language: "
ASKED = "ask"  # the language of a caller who never chose one
DIALLED, TEXTED = "> ", "sms> "
DIAL, EXTENDED = "*8171#", "*8171*{}#"
GO_ON, END = "CON ", "END "
PIN, CNIC = "<pin>", "<cnic>"


def write_transcript(
    turns: Sequence[Turn],
    check_of: Callable[[str], str | None],
    extension: str,
    caller: str,
    cnics: Mapping[str, str],
) -> str:
    """The text of a dial, or of a text message and its answer.

    check_of    screen -> what it asks for; extension the keys dialled behind 8171, or empty
    caller      key of the cast, or `?`; cnics last four digits -> key of the cast
    """
    first = turns[0]
    by_text = first.opening is None and first.number == 1
    language = (first.opening.language if first.opening else first.language) or ASKED
    blocks = [f"{CALLER}{caller}\n{LANGUAGE}{language}"]
    for turn in turns:
        if by_text:
            typed = TEXTED + _typed(turn, "cnic" if turn.keys.startswith("*") else None, caller, cnics)
            blocks.append(f"{typed}\n{turn.page.text}")
            continue
        if turn.number == 1:
            typed = EXTENDED.format(extension) if extension else DIAL
        else:
            typed = _typed(turn, check_of(turn.screen_from), caller, cnics)
        blocks.append(f"{DIALLED}{typed}\n{END if turn.page.end else GO_ON}{turn.page.text}")
    return "\n\n".join(blocks) + "\n"


def _typed(turn: Turn, check: str | None, caller: str, cnics: Mapping[str, str]) -> str:
    """The keys, with a name in the place of what must not be kept."""
    keys = turn.keys
    last4 = keys[1:] if keys.startswith("*") and len(keys) == 5 and keys[1:].isdigit() else ""
    if last4 and check in {"cnic", None}:
        key = cnics.get(last4)
        return CNIC if key == caller else f"<cnic {key or f'....{last4}'}>"
    if keys == "*" and check in {"pin", "new_pin", None}:
        return PIN
    return keys
