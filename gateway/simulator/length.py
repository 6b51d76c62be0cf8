"""How long a text is on the air: GSM-7 septets or UTF-16 units, and how many SMS it takes."""

from dataclasses import dataclass

from gsm0338 import Codec

_GSM7 = Codec()


@dataclass(frozen=True, slots=True)
class Length:
    """Size of one USSD page in `units`.

    limit       what every network carries (160 septets, 70 units); ceiling what the protocol can carry at all
    """

    encoding: str
    units: int
    limit: int
    ceiling: int

    @property
    def left(self) -> int:
        """Units that remain, negative past the limit."""
        return self.limit - self.units

    @property
    def flag(self) -> str:
        """What is wrong with this length, or nothing."""
        if self.units > self.ceiling:
            return f"over {self.ceiling}: no network carries it"
        if self.units > self.limit:
            return f"over {self.limit}: some networks cut it"
        return ""


def measure(text: str) -> Length:
    """Length of a USSD page, without its CON or END."""
    encoding, widths = _widths(text)
    return Length(encoding, sum(widths), *((160, 182) if encoding == "GSM-7" else (70, 80)))


def parts(text: str) -> int:
    """Number of SMS a text takes; an extension pair or a surrogate pair is never split."""
    encoding, widths = _widths(text)
    single, multi = (160, 153) if encoding == "GSM-7" else (70, 67)
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > multi:
            count, used = count + 1, 0
        used += width
    return count


def _widths(text: str) -> tuple[str, list[int]]:
    try:
        return "GSM-7", [len(_GSM7.encode(character)[0]) for character in text]
    except UnicodeEncodeError:
        return "UCS-2", [len(character.encode("utf-16-be", "surrogatepass")) // 2 for character in text]
