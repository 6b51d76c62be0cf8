"""How long the simulated network takes for what it does on its own time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds.

    report      from a send to its delivery report; late is added where the report is to be late
    hang        what a hanging answer of the SMS server takes: longer than the SDK waits
    gap         between two tries of a post that was not taken
    idle        without a key until the network ends a call; sweep between two looks for such calls
    """

    report: float = 1.0
    late: float = 30.0
    hang: float = 9.5
    gap: float = 5.0
    idle: float = 180.0
    sweep: float = 5.0
