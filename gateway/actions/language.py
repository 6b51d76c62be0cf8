"""The language of a phone: offered once, remembered, changed at will."""

from gateway.actions.verb import Means, verb
from gateway.conversation.values import text
from gateway.conversation.verbs import Ask, Outcome


@verb("offered_languages", ("offered",), lists={"languages": {"language": text(16)}}, asks_core=False)
def offered_languages(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - the same for every caller
    """The languages to choose from, each by its own name."""
    rows = tuple({"id": code, "language": name} for code, name in means.languages.items())
    return Outcome("offered", {"languages": rows})


@verb("speak_language", ("spoken",), asks_core=False)
def speak_language(ask: Ask, means: Means) -> Outcome:
    """Go on in the language picked. Apart from remembering it, so that a sleeping core takes nothing from her."""
    return Outcome("spoken", language=ask.picked if ask.picked in means.languages else None)


@verb("remember_language", ("remembered",))
def remember_language(ask: Ask, means: Means) -> Outcome:
    means.core.registry.choose_language(ask.phone, ask.language, ask.session)
    return Outcome("remembered")


@verb("recall_language", ("recalled",))
def recall_language(ask: Ask, means: Means) -> Outcome:
    """The language of a phone as it was when this session began: a lost session is walked again from there."""
    contact = means.core.registry.contact(ask.phone)
    mine = contact.chosen_in == ask.session
    return Outcome("recalled", language=contact.language_before if mine else contact.language)
