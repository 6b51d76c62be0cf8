"""Kinds of value that only verbs speak of: what may be unknown has a word of ours in its stead."""

from gateway.conversation.values import DAY, Kind, Words, text
from gateway.conversation.values import term as term_of


def term_or(other: str, *families: str) -> Kind:
    """A word of the first family, or of any by its whole name; what has no word is called by the term `other`.

    So a programme that the core has and terms.yaml does not breaks no page.
    """

    def write(value: str, words: Words) -> str:
        whole = str(value) if str(value).partition(".")[0] in families else f"{families[0]}.{value}"
        try:
            return words.term(whole)
        except KeyError:
            return words.term(other)

    def longest(words: Words) -> str:
        return max((text for family in families for text in words.terms(family)), key=len, default="")

    return Kind(f"{families[0]} or {other}", write, longest)


# Families in which every programme has a word.
PROGRAMME_WORDS = ("programme", "short", "where")

PROGRAMME = term_or("programme.other", "programme")  # with the seed's name: `Ehsaas/Benazir Kafaalat`
SHORT = term_or("short.other", "short")  # one word, for lists
WHERE = term_or("where.other", "where")  # what to do or dial about a programme
REASON = term_or("reason.OTHER", "reason")
ASKED = term_or("asked.in_progress", "asked", "topic")  # how a request stands
TOPIC = term_or("topic.case", "topic", "short")  # what it is about
FILTER = term_of("filter")
STANDING = term_of("standing")


def _school_standing(value: str, words: Words) -> str:
    try:
        return words.term(f"school.{value}")
    except KeyError:
        return words.term(f"standing.{value}")


# How a child's school money stands: as any money does, or in a way of its own.
SCHOOL_STANDING = Kind(
    "school standing",
    _school_standing,
    lambda w: max((*w.terms("school"), *w.terms("standing")), key=len, default=""),
)
PROOF = term_of("proof")  # what proves a change in the family
ACCOUNT_KIND = term_of("account")


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


def _write_offered(value: str, words: Words) -> str:
    standing, _, number = str(value).partition(":")
    return words.term(f"offer.{standing}") + (f" (APPLY {number})" if number else "")


# How a programme stands to her: `may_apply`, or `may_apply:3` with the word that a text applies by.
OFFERED = Kind(
    "offered",
    _write_offered,
    lambda w: max((*w.terms("offer"), f"{w.term('offer.may_apply')} (APPLY 99)"), key=len),
)

ACCOUNT = text_or(14, "place.hidden")
PLACE = text_or(24, "place.any")
OFFICE = text_or(24, "place.office")
BOOKED_DAY = day_or("day.open")
LAST_DAY = day_or("day.told")
PAST_DAY = day_or("day.unknown")

CHILD = text(12)
LEVEL = term_of("level")
# A child's name behind the programme it is paid under, or nothing.
FOR_CHILD = Kind(
    "for child", lambda v, w: f" {CHILD.write(v, w)}" if v else "", lambda w: f" {CHILD.longest(w)}"
)
