"""What is made before a file's transaction, so that on SQLite it holds other writers up as short as can be."""

from gateway.privacy import Vault


class Ahead:
    """Seals and PIN hashes in stock. What is not in stock is made when it is asked for."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._seals: dict[str, list[str]] = {}
        # (person, phone in E.164) -> hash of her PIN there
        self.pins: dict[tuple[int, str], str] = {}

    def stock(self, plain: str) -> None:
        self._seals.setdefault(plain, []).append(self.vault.seal(plain))

    def seal(self, plain: str) -> str:
        """A seal of the text, each given out once: two rows with the same name must not look alike."""
        stocked = self._seals.get(plain)
        return stocked.pop() if stocked else self.vault.seal(plain)
