"""How long to wait before something is tried again."""

import random
from datetime import timedelta

FIRST = timedelta(seconds=15)
LONGEST = timedelta(hours=1)


def after(attempts: int, first: timedelta = FIRST, longest: timedelta = LONGEST) -> timedelta:
    """Doubles with each failed attempt up to `longest`; a fifth of it by chance, so that failures spread out."""
    wait = min(longest, first * (1 << min(attempts - 1, 20)))
    return wait * random.uniform(0.8, 1.0)  # noqa: S311 - spreads load, guards nothing
