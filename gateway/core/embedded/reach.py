"""A database that does not answer is a core out of reach: callers know no other error of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from gateway.db import UNREACHED
from gateway.errors import CoreUnreachable

_Kind = TypeVar("_Kind", bound=type)


def within_reach(kind: _Kind) -> _Kind:
    """Class decorator: each public method raises CoreUnreachable where the database cannot be asked.

    The database's own message is dropped: it may quote the values of the statement.
    """
    for name, member in list(vars(kind).items()):
        if callable(member) and not name.startswith("_"):
            setattr(kind, name, _reaching(member))
    return kind


def _reaching(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except UNREACHED as error:
            raise CoreUnreachable(f"{method.__name__}: {type(error).__name__}") from None

    return call
