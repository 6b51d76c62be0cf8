"""Kinds of value that only verbs speak of: what may be unknown has a word of ours in its stead."""

from gateway.conversation.values import DAY, Kind, text
from gateway.conversation.values import term as term_of

PROGRAMME = term_of("programme")  # with the seed's name: `Ehsaas/Benazir Kafaalat`
SHORT = term_of("short")  # one word, for lists
REASON = term_of("reason")
FILTER = term_of("filter")
STANDING = term_of("standing")


def text_or(longest: int, name: str) -> Kind:
    """Free text of up to `longest` characters, or the term `name` where the core knows none."""
    plain = text(longest)
    return Kind(
        f"text({longest}) or {name}",
        lambda v, w: plain.write(v, w) if v else w.term(name),
        lambda w: max(plain.longest(w), w.term(name), key=len),
    )


def day_or(name: str) -> Kind:
    """A day, or the term `name` where none is set."""
    return Kind(
        f"day or {name}",
        lambda v, w: DAY.write(v, w) if v else w.term(name),
        lambda w: max(DAY.longest(w), w.term(name), key=len),
    )


def line_if(name: str) -> Kind:
    """The term `name` on a line of its own where the value is true, else nothing."""
    return Kind(
        f"line {name}",
        lambda v, w: f"\n{w.term(name)}" if v else "",
        lambda w: f"\n{w.term(name)}",
    )


PLACE = text_or(24, "place.any")
OFFICE = text_or(24, "place.office")
BOOKED_DAY = day_or("day.open")
LAST_DAY = day_or("day.told")
PAST_DAY = day_or("day.unknown")
