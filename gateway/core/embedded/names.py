"""What a person is called, and what may be shown of it, from the name as it is registered."""

# Words that begin many names and tell nobody apart by themselves: half the sons of a house may be a Muhammad.
_BEFORE = frozenset(
    {"muhammad", "mohammad", "mohammed", "syed", "syeda", "abdul", "ghulam", "bibi", "mst", "mst."}
)


def called(name: str) -> str:
    """The first name; with the word after it where the first alone tells nobody apart."""
    words = name.split()
    return " ".join(words[: 2 if words and words[0].casefold() in _BEFORE else 1])


def initials(name: str) -> str:
    """`S... B...`: what may be shown of a name before it is asked for."""
    return " ".join(f"{word[0]}..." for word in name.split())
