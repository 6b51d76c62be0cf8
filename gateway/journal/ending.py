"""How a dial ended, as far as anybody knows: by our last page, by the aggregator's word, or by how long ago it was.

An aggregator has one word for who hung up and for whom time ran out. They are told apart by her silence: a network ends a
dial only after it waited for a key as long as it does. Whether she had got an answer is another question: `Passed.answered`.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from gateway.conversation.screens import BUSY, BY_SMS, TOO_MANY, TROUBLE
from gateway.journal.passed import Passed

# Networks end a dial after about three minutes; one that has been silent for longer is over, whoever ended it.
LIVE = timedelta(minutes=3)


class Ending(StrEnum):
    LIVE = "live"
    DONE = "done"  # by us, on a last page
    PROMISED = "promised"  # by us, the answer going by SMS
    BROKEN = "broken"  # by us, with an apology
    REFUSED = "refused"  # by us, after three answers that did not fit
    HUNG_UP = "hung_up"  # by her, before the network's time ran out
    TIMED_OUT = "timed_out"  # by the network, whose time ran out
    LEFT = "left"  # by her or by the network: nobody said how long it lasted
    FAILED = "failed"  # the aggregator did not get our page through
    SILENT = "silent"  # nobody said


_BY_US = {
    TROUBLE: Ending.BROKEN,
    BUSY: Ending.BROKEN,
    TOO_MANY: Ending.REFUSED,
    BY_SMS: Ending.PROMISED,
}


def ending_of(one: Passed, now: datetime) -> Ending:
    """How this dial stands at `now`."""
    if one.closed is None and not one.ended:
        return Ending.LIVE if now - one.last_at < LIVE else Ending.SILENT
    return told_ending(one)


def told_ending(one: Passed) -> Ending:
    """How a dial ended of which a last page or the aggregator told."""
    if one.closed == "failed":
        return Ending.FAILED
    if one.ended or one.closed == "success":
        return _BY_US.get(one.screen, Ending.DONE)
    if one.silence is None or one.patience is None:
        return Ending.LEFT
    return Ending.TIMED_OUT if one.silence >= one.patience else Ending.HUNG_UP
