"""Queues, categories, states and topics of requests in words for the staff."""

from gateway.console.access import services
from gateway.console.words import _, language, mark
from gateway.core.port import Asked

CATEGORIES = {
    "short_payment": mark("Paid less than the amount"),
    "paid_to_other": mark("Withdrawn by somebody else"),
    "not_received": mark("Money not received"),
    "biometric": mark("Thumb does not match"),
    "account": mark("Wallet, account or SIM"),
    "appeal": mark("Appeal: wrongly not eligible"),
    "family_record": mark("Family record is wrong"),
    "staff_behaviour": mark("Agent or staff, bribe"),
    "scam": mark("Fraud call or message"),
    "school_record": mark("School record"),
    "clinic_record": mark("Clinic visit or food packet"),
    "card_refused": mark("Hospital refused the card"),
    "loan": mark("Loan"),
    "protection": mark("Harassment, in confidence"),
    "other": mark("Something else"),
}
QUEUES = {
    "mine": mark("Mine"),
    "unassigned": mark("Nobody's"),
    "open": mark("All open"),
    "overdue": mark("Overdue"),
    "ombudsman": mark("Ombudsman"),
    "confidential": mark("In confidence"),
    "application": mark("Applications"),
    "change": mark("Changes"),
    "call_backs": mark("Call-backs"),
    "pay_points": mark("Pay points"),
}
CHANGES = {
    "birth": mark("Birth of a child"),
    "death": mark("Death in the family"),
    "marriage": mark("Marriage or divorce"),
    "disability": mark("Disability"),
    "move": mark("The family moved"),
}
CHANNELS = {
    "ussd": mark("by dial"),
    "sms": mark("by SMS"),
    "console": mark("by the call centre"),
    "api": mark("by another system"),
}
TEXTS = {
    "staff_documents": mark("Bring papers to the office"),
    "staff_cnic": mark("Renew the CNIC"),
    "staff_survey": mark("A survey is needed"),
    "staff_thumb": mark("What to do when the thumb fails"),
    "staff_scam": mark("Beware of fraud"),
    "help": mark("Which words to send to 8171"),
    "details_how": mark("How to get amounts and reasons by SMS"),
    "private_unlinked": mark("The phone is not linked: how to link it"),
}
FLAGS = {
    "fee": mark("A fee was taken"),
    "less": mark("Less was paid"),
    "shut": mark("It was shut"),
    "no_cash": mark("No cash there"),
    "rude": mark("She was treated badly"),
}
WINDOWS = {
    "morning": mark("morning, 9 to 12"),
    "afternoon": mark("afternoon, 12 to 3"),
    "evening": mark("evening, 3 to 6"),
}


def days(number: int) -> str:
    return _("1 day") if number == 1 else _("{days} days", days=number)


def category(code: str) -> str:
    return _(CATEGORIES[code]) if code in CATEGORIES else code


def state(code: str) -> str:
    """As callers hear it, in the reader's language."""
    return _term(f"asked.{code}")


def topic(asked: Asked, code: str) -> str:
    if asked is Asked.CHANGE:
        return _(CHANGES[code]) if code in CHANGES else code
    return programme(code)


def programme(code: str) -> str:
    return _term(f"programme.{code}")


def reason(code: str) -> str:
    return _term(f"reason.{code}") if code else ""


def reasons() -> list[tuple[str, str]]:
    """Every reason that callers have words for."""
    names = (name for name in services().book.terms if name.startswith("reason."))
    return [(name.partition(".")[2], _term(name)) for name in names]


def _term(name: str) -> str:
    try:
        return services().book.languages[language()].term(name)
    except KeyError:
        return name.partition(".")[2]


FUNCTIONS = {"category": category, "state": state, "topic": topic, "reason": reason}
