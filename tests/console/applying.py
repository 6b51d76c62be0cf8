"""Somebody who may apply, and has."""

from tests.console.phones import person_of
from tests.transcripts.script import cast

CAST = cast()


def applied(gateway):
    """The first of the cast who may apply for something: her number, her phone, the application."""
    core = gateway.services.core
    for number, who in enumerate(each for each in CAST.values() if core.registry.persons_on(each["phone"])):
        person = person_of(gateway, who)
        for offer in core.applications.offers(person):
            if offer.standing == "may_apply":
                done = core.applications.apply(
                    person, offer.programme, who["phone"], f"apply{number}", channel="ussd"
                )
                if done.outcome == "applied":
                    return person, who["phone"], done.application
    raise LookupError("nobody may apply")
