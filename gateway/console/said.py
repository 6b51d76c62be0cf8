"""The core's codes in words for the staff: our own, or the very words that callers hear, from the menus' terms."""

from collections.abc import Mapping

from gateway import clock
from gateway.console.case_words import CATEGORIES, CHANGES
from gateway.console.funnel import label_of
from gateway.console.words import _, language, mark
from gateway.conversation.book import Book
from gateway.journal.ending import Ending, ending_of
from gateway.journal.journal import Passed

_STATES = {
    "PLANNED": mark("planned"),
    "GENERATED": mark("listed for payment"),
    "HELD": mark("held"),
    "RELEASED": mark("released"),
    "CREDITED": mark("at the pay point"),
    "NOTIFIED": mark("she was told"),
    "WITHDRAWN": mark("withdrawn"),
    "PARTIAL_DISPUTED": mark("she says less was paid"),
    "BIOMETRIC_FAILED": mark("thumb did not match"),
    "BRANCH_ROUTE": mark("sent to a branch"),
    "RECONCILED": mark("accounts closed"),
    "REVERSED": mark("taken back"),
    "RETURNED_UNCLAIMED": mark("returned unclaimed"),
    "CANCELLED": mark("cancelled"),
}
_RULES = {
    "ALIVE": mark("not recorded as dead"),
    "SURVEYED": mark("surveyed"),
    "CHECKED": mark("NADRA check done"),
    "RESURVEY": mark("no survey overdue"),
    "WOMAN": mark("a woman"),
    "SEX": mark("sex on the CNIC"),
    "AGE": mark("age"),
    "MARITAL": mark("marital status"),
    "DISABILITY": mark("disability"),
    "CHILD": mark("a child of the right age"),
    "REGION": mark("where she lives"),
    "DATES": mark("open on this day"),
    "SCORE": mark("poverty score"),
    "NOT_FLAGGED": mark("no exclusion filter"),
    "CNIC": mark("CNIC in order"),
    "IN_PROGRAMME": mark("in the programme that comes first"),
    "EVENT": mark("an emergency open for her"),
}
# Code -> its words and how it looks: good, warn, bad or plain.
_TAGS: Mapping[str, tuple[str, str]] = {
    "outcome.enrolled": (mark("in it"), "good"),
    "outcome.may_apply": (mark("may apply"), "good"),
    "outcome.not_eligible": (mark("not eligible"), "plain"),
    "outcome.under_review": (mark("under review"), "warn"),
    "outcome.survey_needed": (mark("survey needed"), "warn"),
    "outcome.deceased": (mark("recorded as dead"), "bad"),
    "standing.ready": (mark("ready to collect"), "good"),
    "standing.branch": (mark("ready at the branch"), "good"),
    "standing.held": (mark("held"), "bad"),
    "standing.withdrawn": (mark("paid out"), "plain"),
    "standing.coming": (mark("on its way"), "warn"),
    "standing.gone": (mark("gone"), "plain"),
    "message.pending": (mark("waiting to go out"), "warn"),
    "message.claimed": (mark("going out"), "warn"),
    "message.sending": (mark("going out"), "warn"),
    "message.sent": (mark("sent, not confirmed"), "warn"),
    "message.unknown": (mark("unknown whether sent"), "warn"),
    "message.held": (mark("stopped, operators look"), "bad"),
    "message.failed": (mark("failed"), "bad"),
    "message.undelivered": (mark("did not arrive"), "bad"),
    "message.delivered": (mark("arrived"), "good"),
    "message.suppressed": (mark("not sent: she wrote STOP"), "plain"),
    "link.verified": (mark("verified"), "good"),
    "link.claimed": (mark("not verified"), "warn"),
    "link.revoked": (mark("unlinked"), "plain"),
    "cnic.valid": (mark("CNIC valid"), "good"),
    "cnic.expired": (mark("CNIC expired"), "bad"),
    "cnic.blocked": (mark("CNIC blocked"), "bad"),
    "cnic.unverified": (mark("CNIC not verified"), "warn"),
    "survey.surveyed": (mark("surveyed"), "plain"),
    "survey.not_surveyed": (mark("not surveyed"), "warn"),
    "survey.pending": (mark("survey under check"), "warn"),
    "enrolment.active": (mark("active"), "good"),
    "enrolment.suspended": (mark("suspended"), "warn"),
    "enrolment.graduated": (mark("completed"), "plain"),
    "enrolment.exited": (mark("left"), "plain"),
    "enrolment.deceased": (mark("recorded as dead"), "bad"),
    "account.active": (mark("active"), "good"),
    "account.pending_biometric": (mark("thumb not yet taken"), "warn"),
    "account.blocked": (mark("blocked"), "bad"),
    "account.sim_mismatch": (mark("SIM not in her name"), "bad"),
    "session.live": (mark("under way"), "good"),
    "session.done": (mark("ended by us"), "plain"),
    "session.promised": (mark("answer goes by SMS"), "plain"),
    "session.broken": (mark("our trouble"), "bad"),
    "session.refused": (mark("three wrong answers"), "warn"),
    "session.hung_up": (mark("she hung up"), "warn"),
    "session.timed_out": (mark("time ran out"), "warn"),
    "session.left": (mark("hung up or timed out"), "warn"),
    "session.failed": (mark("page not delivered"), "bad"),
    "session.silent": (mark("no word of its end"), "plain"),
    "session.answered_done": (mark("answered"), "good"),
    "session.answered_hung_up": (mark("answered; she hung up"), "good"),
    "session.answered_timed_out": (mark("answered; time ran out"), "good"),
    "session.answered_left": (mark("answered; hung up or timed out"), "good"),
    "session.answered_silent": (mark("answered; no word of its end"), "good"),
}
_PLAIN = {
    "how.sim_match": mark("SIM in her name"),
    "how.helpline": mark("by the helpline"),
    "how.office": mark("at the office"),
    "relation.head": mark("head"),
    "relation.spouse": mark("wife or husband"),
    "relation.child": mark("child"),
    "relation.parent": mark("parent"),
    "relation.sibling": mark("brother or sister"),
    "relation.grandchild": mark("grandchild"),
    "relation.child_in_law": mark("son- or daughter-in-law"),
    "relation.other": mark("other"),
    "asked.application": mark("Application"),
    "asked.case": mark("Case"),
    "asked.change": mark("Change of record"),
    "asked.booking": mark("Survey token"),
}


class Said:
    """Words for codes, in the reader's language. What has none is shown as its code."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._words = book.languages.get(language(), book.languages["en"])

    def screen(self, name: str) -> str:
        """What a screen begins with; its name where today's menus do not have it."""
        return (label_of(self._book, language(), name) if name in self._book.screens else "") or name or "-"

    def programme(self, code: str) -> str:
        return self._term(f"short.{code}", code)

    def period(self, period: str) -> str:
        """`Oct-Dec 2026`, or an event's code."""
        try:
            return self._words.quarter(period)
        except (ValueError, IndexError, KeyError):
            return period

    def reason(self, code: str) -> str:
        return self._term(f"reason.{code}", code)

    def step(self, state: str) -> str:
        return _(_STATES[state]) if state in _STATES else state

    def rule(self, code: str) -> str:
        """A rule by its kind where it passed, by its failure where it did not."""
        return _(_RULES[code]) if code in _RULES else self.reason(code)

    def tag(self, name: str) -> str:
        return _(_TAGS[name][0]) if name in _TAGS else name.partition(".")[2]

    def look(self, name: str) -> str:
        return _TAGS[name][1] if name in _TAGS else "plain"

    def word(self, name: str) -> str:
        return _(_PLAIN[name]) if name in _PLAIN else name.partition(".")[2].replace("_", " ")

    def asked(self, state: str) -> str:
        """How something that was asked for stands."""
        return self._term(f"asked.{state}", state)

    def topic(self, asked: str, topic: str) -> str:
        """What a request is about: a programme, a category, a change."""
        if asked == "application":
            return self.programme(topic)
        words = CATEGORIES if asked == "case" else CHANGES
        return _(words[topic]) if topic in words else topic.replace("_", " ")

    def account(self, kind: str) -> str:
        return self._term(f"account.{kind}", kind)

    def session(self, one: Passed) -> str:
        """Name of the tag for how a session stands or ended, and whether she had her answer by then."""
        ending = ending_of(one, clock.now())
        answered = f"session.answered_{ending}"
        return answered if one.answered and answered in _TAGS else f"session.{ending}"

    def end(self, one: Passed) -> str:
        """Who ended a session and after how long a silence, where that was not us."""
        ending, seconds = ending_of(one, clock.now()), _("{n} s", n=f"{one.silence or 0:.0f}")
        if ending is Ending.HUNG_UP:
            return _("She hung up after {time} on the last screen.", time=seconds)
        if ending is Ending.TIMED_OUT and one.patience:
            return _("The network's time ran out: no key for {time}.", time=seconds)
        if ending is Ending.TIMED_OUT:
            whole = _("{n} s", n=f"{one.lasted:.0f}")
            return _(
                "The network's time ran out: {whole} in all, no key for {time}.", whole=whole, time=seconds
            )
        if ending is Ending.LEFT:
            return _("She hung up or the network's time ran out: nobody told how long the call lasted.")
        return _("The aggregator sent no word of the end.") if ending is Ending.SILENT else ""

    def _term(self, name: str, code: str) -> str:
        try:
            return self._words.term(name)
        except KeyError:
            return code.replace("_", " ")
