"""Whom a phone speaks for, and her PIN."""

from collections.abc import Mapping

from gateway.actions.verb import Means, person_of, verb
from gateway.conversation.values import COUNT, LAST4
from gateway.conversation.verbs import Ask, Outcome
from gateway.core.port import LinkedPerson

# What `kept` remembers of a person: whether her PIN was set when the session met her.
_PIN, _MARK = "pin", "pin_mark"
# And whether she is to be asked about details by SMS once her PIN is passed.
DETAILS = "details"


@verb("linked_persons", ("one", "many", "none", "deceased"), lists={"persons": {"last4": LAST4}})
def linked_persons(ask: Ask, means: Means) -> Outcome:
    """Who may be asked about from this phone; with one, the session speaks for her at once."""
    persons = means.core.registry.persons_on(ask.phone)
    if not persons:
        return Outcome("none")
    if len(persons) == 1:
        return _speak_for(ask, persons[0], "one", alone=True)
    rows = tuple({"id": str(person.id), "last4": person.cnic_last4} for person in persons)
    return Outcome("many", {"persons": rows}, grants=("phone",))


@verb("choose_person", ("chosen", "gone", "deceased"))
def choose_person(ask: Ask, means: Means) -> Outcome:
    """Speak for the person picked, if this phone is linked to her."""
    for person in means.core.registry.persons_on(ask.phone):
        if str(person.id) == ask.picked:
            return _speak_for(ask, person, "chosen", alone=False)
    return Outcome("gone")


@verb("pin_wanted", ("set", "unset"), asks_core=False)
def pin_wanted(ask: Ask, means: Means) -> Outcome:  # noqa: ARG001 - every verb is called alike
    """Whether she has a PIN to be asked for, or chooses her first."""
    return Outcome("unset" if ask.kept.get(_PIN) == "unset" else "set")


@verb(
    "check_pin", ("right", "unasked", "wrong", "locked", "unset"), values={"tries": COUNT, "minutes": COUNT}
)
def check_pin(ask: Ask, means: Means) -> Outcome:
    """Try the PIN just typed. `unasked`: right, and she was not asked about details by SMS yet."""
    answer = means.core.pins.check(person_of(ask), ask.phone, ask.answer or "", ask.key)
    if answer.state == "right":
        return _let_in(ask, "right")
    if answer.state == "wrong":
        return Outcome("wrong", {"tries": answer.tries_left})
    if answer.state == "locked":
        return Outcome("locked", {"minutes": answer.minutes})
    return Outcome("unset", keep={_PIN: "unset"})


@verb("note_pin", ("noted", "weak"))
def note_pin(ask: Ask, means: Means) -> Outcome:
    """Take note of a new PIN typed the first time, by a mark that does not hold it."""
    if not means.core.pins.fits(person_of(ask), ask.answer or ""):
        return Outcome("weak")
    return Outcome("noted", keep={_MARK: means.pin_mark(ask.session, ask.answer or "")})


@verb("confirm_pin", ("chosen", "unasked", "differs", "weak"))
def confirm_pin(ask: Ask, means: Means) -> Outcome:
    """Set the PIN if it is the one typed before. One that was set since the session met her stays, and is asked for.

    `unasked`: chosen, and she was not asked about details by SMS yet.
    """
    if means.pin_mark(ask.session, ask.answer or "") != ask.kept.get(_MARK):
        return Outcome("differs", keep={_MARK: ""})
    state = means.core.pins.choose(
        person_of(ask), ask.phone, ask.answer or "", ask.key, granted="pin" in ask.granted
    )
    if state == "set":
        return Outcome("differs", keep={_MARK: "", _PIN: "set"})
    if state == "weak":
        return Outcome("weak", keep={_MARK: ""})
    return _let_in(ask, "chosen", {_MARK: "", _PIN: "set"})


@verb("stop_alerts", ("stopped",))
def stop_alerts(ask: Ask, means: Means) -> Outcome:
    """No more messages that this phone did not ask for."""
    means.core.registry.opt_out(ask.phone, True)
    return Outcome("stopped")


@verb("start_alerts", ("started",))
def start_alerts(ask: Ask, means: Means) -> Outcome:
    means.core.registry.opt_out(ask.phone, False)
    return Outcome("started")


def _let_in(ask: Ask, name: str, keep: Mapping[str, str] | None = None) -> Outcome:
    unasked = ask.kept.get(DETAILS) == "unasked"
    return Outcome("unasked" if unasked else name, grants=("pin",), keep=keep or {})


def _speak_for(ask: Ask, person: LinkedPerson, name: str, *, alone: bool) -> Outcome:
    # No PIN is set up for the dead, and who holds their phone learns nothing of their money.
    if not person.alive:
        return Outcome("deceased")
    # A lost session is walked again with the same keys: a PIN chosen in this very session counts as not yet set.
    met_unset = not person.has_pin or (person.pin_chosen_in == ask.session)
    met_unasked = alone and (not person.details_asked or ask.session in person.details_asked_in)
    return Outcome(
        name,
        person=person.id,
        grants=("phone", "person"),
        keep={_PIN: "unset" if met_unset else "set", _MARK: "", DETAILS: "unasked" if met_unasked else ""},
    )
