"""How a session ended, as far as anybody knows: what the last page says, what the aggregator said, and how long ago it was."""

from datetime import datetime, timedelta
from enum import StrEnum

from gateway.conversation.screens import BUSY, TOO_MANY, TROUBLE
from gateway.journal.journal import Passed

# Networks end a dial after about three minutes; one that has been silent for longer is over, whoever ended it.
LIVE = timedelta(minutes=3)


class Ending(StrEnum):
    LIVE = "live"
    ANSWERED = "answered"  # by us, with a whole answer
    BROKEN = "broken"  # by us, with an apology
    REFUSED = "refused"  # by us, after three answers that did not fit
    LEFT = "left"  # she hung up, or the network's time ran out: the aggregator has one word for both
    FAILED = "failed"  # the aggregator did not get our page through
    SILENT = "silent"  # nobody said


def ending_of(one: Passed, now: datetime) -> Ending:
    """How this session stands at `now`."""
    if one.ended:
        if one.screen in {TROUBLE, BUSY}:
            return Ending.BROKEN
        return Ending.REFUSED if one.screen == TOO_MANY else Ending.ANSWERED
    if one.closed == "failed":
        return Ending.FAILED
    if one.closed is not None:
        return Ending.LEFT
    return Ending.LIVE if now - one.last_at < LIVE else Ending.SILENT
