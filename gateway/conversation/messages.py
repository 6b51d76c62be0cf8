"""The texts on their way to translators and back: .pot and .po beside the menus.

English stands in the menus and is the key together with its context. When an English text changes, its translation is
kept as a guess (`fuzzy`), which translators see and callers do not.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from gateway import clock
from gateway.conversation.aggregators import Aggregator
from gateway.conversation.book import read_aggregators, read_languages
from gateway.conversation.catalog import po_path, read_catalog
from gateway.conversation.edges import placeholders, texts_of
from gateway.conversation.sizes import SEGMENTS_OF_A_REPLY, SEGMENTS_OF_AN_ALERT
from gateway.conversation.source import read_screens, read_texts, read_yaml
from gateway.conversation.templates import read_templates
from gateway.errors import MenuError

BRACES = "python-brace-format"


def extract(menus: Path, config: Path) -> list[str]:
    """Write the .pot and bring each language's .po up to date. Returns a line for each. Raises MenuError."""
    template, codes = _read(menus, config)
    pot = menus / "locale" / "menus.pot"
    pot.parent.mkdir(parents=True, exist_ok=True)
    _write(pot, template)
    lines = [f"menus.pot: {len(template)} texts"]
    for code in codes:
        path = po_path(menus, code)
        faults: list[str] = []
        old = read_catalog(menus, code, faults)
        if faults:
            raise MenuError(faults)
        new = _updated(template, old, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, new)
        missing = sum(not message.string for message in new if message.id and _has_words(str(message.id)))
        fuzzy = sum(message.fuzzy for message in new if message.id)
        lines.append(f"{code}: {missing} missing, {fuzzy} to look at again, {len(new.obsolete)} obsolete")
    return lines


def find_faults(menus: Path, config: Path) -> list[str]:
    """Every text that a language lacks, only guesses, or no longer needs, and each that loses a placeholder."""
    template, codes = _read(menus, config)
    faults: list[str] = []
    for code in codes:
        faults += _faults(template, read_catalog(menus, code, faults), code)
    return faults


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a language has come: of `texts`, how many are translated, and how many of the others are guesses."""

    code: str
    texts: int
    translated: int
    fuzzy: int


def coverage(menus: Path, config: Path) -> tuple[Coverage, ...]:
    """Of every language but the source, as the files stand now. Raises MenuError."""
    template, codes = _read(menus, config)
    wanted = [message for message in template if message.id and _has_words(str(message.id))]
    found = []
    for code in codes:
        catalog = read_catalog(menus, code, [])
        have = [catalog.get(message.id, message.context) for message in wanted]
        found.append(
            Coverage(
                code,
                len(wanted),
                sum(bool(one and one.string and not one.fuzzy) for one in have),
                sum(bool(one and one.fuzzy) for one in have),
            )
        )
    return tuple(found)


def _faults(template: Catalog, catalog: Catalog, code: str) -> Iterator[str]:
    for wanted in template:
        if not wanted.id:
            continue
        at = f"menus.po: {wanted.context} ({code})"
        found = catalog.get(wanted.id, wanted.context)
        if found is None or not found.string:
            if _has_words(str(wanted.id)):
                yield f"{at}: is not translated"
        elif found.fuzzy:
            yield f"{at}: is a guess (fuzzy), to be looked at again"
        elif _names(str(found.string)) != _names(str(wanted.id)):
            yield f"{at}: its placeholders differ"
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"menus.po: {message.context} ({code}): is obsolete, the menus no longer say `{str(message.id)[:40]}`"


def _read(menus: Path, config: Path) -> tuple[Catalog, list[str]]:
    """The texts of the menus as a template, and the codes of the languages they are translated to."""
    faults: list[str] = []
    screens, files = read_screens(menus, faults)
    entries = read_languages(config, faults)
    aggregators = read_aggregators(config, faults)
    template = Catalog(
        project="ehsaas-gateway",
        charset="utf-8",
        creation_date=clock.now(),
        header_comment="# Every text of the menus, by context. Write translations into the .po of a language.",
        last_translator="",
        language_team="",
    )
    for name in ("words", "notices", "terms"):
        for key, text in read_texts(menus / f"{name}.yaml", faults).items():
            _add(template, f"{name[:-1]}.{key}", text, f"{name}.yaml", "part of a page")
    page = _page_comment(aggregators)
    for name, screen in screens.items():
        for context, text in texts_of(name, screen):
            comment = f"SMS, at most {SEGMENTS_OF_A_REPLY} segments" if context == f"{name}.sms" else page
            _add(template, context, text, files[name], comment)
    for name, entry in read_templates(read_yaml(menus / "sms.yaml", faults), "sms.yaml", faults).items():
        _add(template, f"sms.{name}", entry.text, "sms.yaml", f"SMS, at most {SEGMENTS_OF_AN_ALERT} segments")
    if faults or entries is None:
        raise MenuError(faults)
    return template, [code for code in entries.languages if code != entries.source]


def _page_comment(aggregators: dict[str, Aggregator]) -> str:
    gsm7 = min((each.budget.gsm7 for each in aggregators.values()), default=0)
    ucs2 = min((each.budget.ucs2 for each in aggregators.values()), default=0)
    return f"a page holds {gsm7} characters in Latin letters, {ucs2} in any other, its bottom line included"


def _add(template: Catalog, context: str, text: str, file: str, comment: str) -> None:
    flags = {BRACES} if _names(text) else set()
    message = Message(
        text, locations=[(f"menus/{file}", 0)], flags=flags, auto_comments=[comment], context=context
    )
    # Babel takes `84 %` for a format; in our texts only braces are filled in.
    message.flags.discard("python-format")
    template[text] = message


def _updated(template: Catalog, old: Catalog, code: str) -> Catalog:
    """The template with what `old` has: exact translations, guesses where the English changed, the rest as obsolete."""
    new = Catalog(
        locale=code,
        header_comment=f"# The menus in {code}.",
        project="ehsaas-gateway",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        last_translator=old.last_translator,
        language_team=old.language_team,
        charset="utf-8",
        fuzzy=False,
    )
    by_context = {message.context: message for message in old if message.id and message.string}
    taken: set[tuple[str, str]] = set()
    for wanted in template:
        if not wanted.id:
            continue
        same = old.get(wanted.id, wanted.context)
        near = same or by_context.get(wanted.context)
        flags = set(wanted.flags) | ({"fuzzy"} if near and (same is None or same.fuzzy) else set())
        new[wanted.id] = Message(
            wanted.id,
            near.string if near else "",
            locations=wanted.locations,
            flags=flags,
            auto_comments=wanted.auto_comments,
            user_comments=near.user_comments if near else (),
            previous_id=[str(near.id)] if near and same is None else (),
            context=wanted.context,
        )
        if near:
            taken.add((near.context or "", str(near.id)))
    for message in (*old, *old.obsolete.values()):
        key = (message.context or "", str(message.id))
        if message.id and message.string and key not in taken:
            new.obsolete[key] = message
    return new


def _write(path: Path, catalog: Catalog) -> None:
    """Write a catalog, unless nothing but its date differs. What translators wrote at the top stays as it is."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, include_previous=True, include_lineno=False)
    head, body = _head(buffer.getvalue().decode())
    before = path.read_text("utf-8") if path.exists() else ""
    # Babel fills in samples where nothing is known.
    body = body.replace("EMAIL@ADDRESS", "").replace("PROJECT ", "").replace(" VERSION", "")
    text = (_head(before)[0] or head) + body
    if _undated(before) != _undated(text):
        path.write_text(text, "utf-8")


def _head(text: str) -> tuple[str, str]:
    """The comment at the top of a file, and the rest."""
    lines = text.splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:first]), "".join(lines[first:])


def _undated(text: str) -> str:
    return re.sub(r'"POT-Creation-Date: .*\n', "", text)


def _names(text: str) -> frozenset[str]:
    try:
        return placeholders(text)
    except ValueError:
        return frozenset()


def _has_words(text: str) -> bool:
    """Whether there is anything to translate beside values and punctuation."""
    return any(letter.isalpha() for letter in re.sub(r"\{\w*\}", "", text))
