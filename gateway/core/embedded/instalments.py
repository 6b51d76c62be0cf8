"""The life of one instalment: which state may follow which, and what each means to her. Pure; no state comes back.

Because no path leads back to a state, "this instalment reached this state" can be reported twice and mean one thing.
The repetitions are `HELD` for another reason, and `BRANCH_ROUTE` to another branch or day.
"""

from datetime import date

from gateway.core.port import State, Unpaid

# An instalment that nobody has reported yet may begin in these.
OPENINGS = frozenset({State.PLANNED, State.GENERATED})

_PAID = {State.WITHDRAWN, State.PARTIAL_DISPUTED}
_SENT_BACK = {State.REVERSED, State.RETURNED_UNCLAIMED}

MOVES: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.GENERATED, State.CANCELLED}),
    State.GENERATED: frozenset({State.HELD, State.RELEASED, State.CANCELLED}),
    State.HELD: frozenset({State.HELD, State.RELEASED, State.CANCELLED}),
    State.RELEASED: frozenset({State.CREDITED, State.REVERSED}),
    # Many are paid before the alert about it is delivered, if it ever is.
    State.CREDITED: frozenset({State.NOTIFIED, State.BIOMETRIC_FAILED, *_PAID, *_SENT_BACK}),
    State.NOTIFIED: frozenset({State.BIOMETRIC_FAILED, *_PAID, *_SENT_BACK}),
    # NADRA may take the prints anew, and then the ordinary pay point serves her after all.
    State.BIOMETRIC_FAILED: frozenset({State.BRANCH_ROUTE, *_PAID, *_SENT_BACK}),
    State.BRANCH_ROUTE: frozenset({State.BRANCH_ROUTE, *_PAID, *_SENT_BACK}),
    State.WITHDRAWN: frozenset({State.PARTIAL_DISPUTED, State.RECONCILED}),
    State.PARTIAL_DISPUTED: frozenset({State.RECONCILED}),
    State.RECONCILED: frozenset(),
    State.REVERSED: frozenset(),
    State.RETURNED_UNCLAIMED: frozenset(),
    State.CANCELLED: frozenset(),
}

READY, BRANCH, HELD, WITHDRAWN, COMING, GONE = "ready", "branch", "held", "withdrawn", "coming", "gone"

_STANDINGS: dict[State, str] = {
    State.PLANNED: COMING,
    State.GENERATED: COMING,
    State.HELD: HELD,
    State.RELEASED: COMING,
    State.CREDITED: READY,
    State.NOTIFIED: READY,
    State.BIOMETRIC_FAILED: HELD,
    State.BRANCH_ROUTE: BRANCH,
    State.WITHDRAWN: WITHDRAWN,
    State.PARTIAL_DISPUTED: WITHDRAWN,
    State.RECONCILED: WITHDRAWN,
    State.REVERSED: GONE,
    State.RETURNED_UNCLAIMED: GONE,
    State.CANCELLED: GONE,
}

# States in which money lies at a place for her; nothing else can be collected.
COLLECTABLE = tuple(state for state, standing in _STANDINGS.items() if standing in {READY, BRANCH})


def may_move(before: State | None, after: State) -> bool:
    """Whether `after` may follow `before`; None is an instalment not yet reported."""
    return after in (OPENINGS if before is None else MOVES[before])


def standing_of(state: State, until: date | None, today: date) -> str:
    """What a state means to her today. Money whose last day has passed is gone, whatever the bank has yet to report."""
    standing = _STANDINGS[state]
    if standing in {READY, BRANCH} and until is not None and until < today:
        return GONE
    return standing


def reason_in(state: State, given: Unpaid | None) -> Unpaid | None:
    """Why money in this state is not in her hand. Raises ValueError if a reason is missing or does not belong."""
    if state is State.HELD:
        if given is None:
            raise ValueError("HELD needs a reason")
        return given
    if state is State.BIOMETRIC_FAILED:
        if given not in {None, Unpaid.BIOMETRIC_FAILED}:
            raise ValueError("BIOMETRIC_FAILED has no other reason")
        return Unpaid.BIOMETRIC_FAILED
    if given is not None:
        raise ValueError(f"{state} takes no reason")
    return None
