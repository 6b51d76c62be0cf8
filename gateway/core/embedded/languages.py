"""The languages of many phones at once, on a connection that is open already."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from gateway.core.embedded.tables import phone
from gateway.privacy import Vault

_AT_ONCE = 500
_CHOSEN = select(phone.c.phone_key, phone.c.language).where(
    phone.c.phone_key.in_(bindparam("keys", expanding=True)), phone.c.language.is_not(None)
)


def chosen_languages(vault: Vault) -> Callable[[Connection, Sequence[str]], Mapping[str, str]]:
    """A function from E.164 phones to the language chosen for each, where one was."""

    def languages(connection: Connection, phones: Sequence[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for start in range(0, len(phones), _AT_ONCE):
            by_key = {
                key: number for number in phones[start : start + _AT_ONCE] for key in vault.phone_keys(number)
            }
            for row in connection.execute(_CHOSEN, {"keys": list(by_key)}):
                found[by_key[row.phone_key]] = row.language
        return found

    return languages
