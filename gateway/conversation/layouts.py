"""Prepares every screen in every language once, so that a hop only fills in values."""

from collections.abc import Mapping

from gateway.conversation.catalog import Language
from gateway.conversation.edges import placeholders, texts_of
from gateway.conversation.flow import Flow, Given
from gateway.conversation.gsm import Budget
from gateway.conversation.paging import Nav
from gateway.conversation.render import Layout, show
from gateway.conversation.screens import ROOT, Choice, End, List, Screen, passes_through
from gateway.conversation.values import Kind

BACK, HOME, MORE = "0", "00", "98"


def nav_of(name: str, screen: Screen, language: Language, words: Mapping[str, str]) -> Nav:
    """The bottom lines of a screen. An end has none; the root offers the language instead of a way back."""
    if isinstance(screen, End):
        return Nav()
    word = {key: language.text(f"word.{key}", english) for key, english in words.items()}
    more, last = (
        f"{MORE} {word['more']} {BACK} {word['back']}",
        f"{BACK} {word['back']} {HOME} {word['home']}",
    )
    if name == ROOT:
        return Nav(
            f"{MORE} {word['more']} {BACK} {word['language']}", f"{BACK} {word['language']}", more, last
        )
    return Nav(more, last, more, last)


def lay_out(  # noqa: PLR0913, PLR0917 - all that a layout is made of
    name: str,
    screen: Screen,
    language: Language,
    words: Mapping[str, str],
    ready: Mapping[str, Given],
    budget: Budget,
) -> Layout:
    """One screen in one language. Raises KeyError or ValueError where a check has named the fault already."""
    texts = {context: language.text(context, english) for context, english in texts_of(name, screen)}
    wanted = {
        value
        for context, text in texts.items()
        if context == name or context.removeprefix(f"{name}.") in {"sms", *getattr(screen, "options", ())}
        for value in placeholders(text)
    }
    kinds: dict[str, Given] = {value: ready[value] for value in sorted(wanted)}
    text, sms = texts[name], texts.get(f"{name}.sms", "")
    nav = nav_of(name, screen, language, words)
    if isinstance(screen, List):
        item = texts[f"{name}.item"]
        columns = ready[screen.rows]
        if isinstance(columns, Kind):
            raise KeyError(screen.rows)
        kinds[screen.rows] = {column: columns[column] for column in sorted(placeholders(item))}
        return Layout(
            language,
            nav,
            text,
            sms=sms,
            item=item,
            rows=screen.rows,
            numbered=screen.to is not None,
            kinds=kinds,
        )
    labels = tuple(texts[f"{name}.{key}"] for key in screen.options) if isinstance(screen, Choice) else ()
    layout = Layout(language, nav, text, sms=sms, labels=labels, kinds=kinds)
    if kinds:
        return layout
    return Layout(language, nav, text, sms=sms, labels=labels, static=show(layout, {}, budget))


def lay_out_all(
    screens: Mapping[str, Screen],
    languages: Mapping[str, Language],
    words: Mapping[str, str],
    flow: Flow,
    budget: Budget,
) -> dict[str, dict[str, Layout]]:
    """Language code -> screen -> layout, for every screen that shows something and has no fault of its own."""
    layouts: dict[str, dict[str, Layout]] = {code: {} for code in languages}
    for name, screen in screens.items():
        if passes_through(screen):
            continue
        for code, language in languages.items():
            try:
                layouts[code][name] = lay_out(name, screen, language, words, flow.ready.get(name, {}), budget)
            except (KeyError, ValueError, IndexError):
                continue  # `check` says what is wrong with it; the book is refused
    return layouts
