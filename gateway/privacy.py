"""Who somebody is, kept apart from what is stored: keyed look-up values, sealed fields, masks.

A phone or a CNIC has so few possible values that a plain hash is no protection; every look-up value is an
HMAC-SHA-256 under a secret of this installation. Keys rotate: the first one writes, all of them read.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b, sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Urdu (U+06F0..) and Arabic (U+0660..) digits are what some keyboards send.
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_LOOKUP_BYTES = 16
_NONCE_BYTES = 12


def ascii_digits(text: str) -> str:
    """The same text with Urdu and Arabic digits as 0-9."""
    return text.translate(_DIGITS)


def normal_cnic(text: str) -> str | None:
    """Thirteen digits from what a person types (spaces, dashes, dots, Urdu digits), or None if it is no CNIC.

    There is no public check digit, and the last digit says nothing certain about a person's sex, so shape is all
    that can be checked; existence is the core's answer.
    """
    digits = re.sub(r"[\s\-._\u2010-\u2015]", "", ascii_digits(text))
    return digits if re.fullmatch(r"[1-9]\d{12}", digits, re.ASCII) else None


def mask_cnic(cnic: str) -> str:
    """`*****-****501-2`: the last four digits and no more."""
    return f"*****-****{cnic[-4:-1]}-{cnic[-1]}"


def mask_phone(phone: str) -> str:
    """`+92*******501`: country and the last three digits."""
    return f"{phone[:3]}{'*' * max(0, len(phone) - 6)}{phone[-3:]}"


class Vault:
    """Seals, opens and keys personal values. Built once from `GATEWAY_SECRET_KEYS`; safe to share between threads.

    keys: key id -> 32 bytes; the first is the one that writes.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("at least one key is needed")
        self._ids = tuple(keys)
        self._lookup = {
            kid: {use: _derive(key, use) for use in ("phone", "cnic", "trail", "pin", "ref", "cookie")}
            for kid, key in keys.items()
        }
        self._seals = {kid: AESGCM(_derive(key, "seal")) for kid, key in keys.items()}
        first = self._lookup[self._ids[0]]
        self._cnic, self._pin, self._ref = (first[use] for use in ("cnic", "pin", "ref"))
        # These two are needed in every hop: a copy of the prepared state costs three quarters of beginning anew.
        self._phone = hmac.new(first["phone"], digestmod="sha256")
        self._trail = blake2b(key=first["trail"], digest_size=_LOOKUP_BYTES)

    def phone_key(self, phone: str) -> str:
        """The look-up value of an E.164 phone: 32 hex digits."""
        mark = self._phone.copy()
        mark.update(phone.encode())
        return mark.hexdigest()[: 2 * _LOOKUP_BYTES]

    def cnic_key(self, cnic: str) -> str:
        """The look-up value of a CNIC of 13 digits: 32 hex digits."""
        return hmac.digest(self._cnic, cnic.encode(), "sha256")[:_LOOKUP_BYTES].hex()

    def ref_key(self, reference: str) -> str:
        """The look-up value of any other reference that must not be stored readable."""
        return hmac.digest(self._ref, reference.encode(), "sha256")[:_LOOKUP_BYTES].hex()

    def phone_keys(self, phone: str) -> tuple[str, ...]:
        """The look-up values of a phone under every key, the current one first: for look-ups while keys rotate."""
        return tuple(self._under(kid, "phone", phone) for kid in self._ids)

    def cnic_keys(self, cnic: str) -> tuple[str, ...]:
        """As `phone_keys`, for a CNIC."""
        return tuple(self._under(kid, "cnic", cnic) for kid in self._ids)

    def ref_keys(self, reference: str) -> tuple[str, ...]:
        """As `phone_keys`, for any other reference."""
        return tuple(self._under(kid, "ref", reference) for kid in self._ids)

    def cookie_keys(self) -> tuple[str, ...]:
        """Keys that sign what a browser keeps for us, the writing one first."""
        return tuple(self._lookup[kid]["cookie"].hex() for kid in self._ids)

    def trail_mark(self, session: str, trail: str) -> str:
        """A value that tells whether two trails of one session are equal, and keeps neither (a trail holds the PIN)."""
        # Keyed BLAKE2b: as good a keyed mark as an HMAC, at a fifth of its cost, twice in every hop.
        mark = self._trail.copy()
        mark.update(f"{session}\n{trail}".encode())
        return mark.hexdigest()

    @property
    def writing(self) -> str:
        """The id of the key that writes."""
        return self._ids[0]

    def pin_mark(self, scope: str, pin: str, kid: str | None = None) -> str:
        """A value that tells whether the same PIN was typed twice within `scope`, under a key (the one that writes).

        Raises KeyError for an unknown key id.
        """
        key = self._pin if kid is None else self._lookup[kid]["pin"]
        return hmac.digest(key, f"{scope}\n{pin}".encode(), "sha256")[:_LOOKUP_BYTES].hex()

    def seal(self, plain: str) -> str:
        """AES-256-GCM, as `<key id>.<base64url of nonce and ciphertext>`; two seals of one text differ."""
        kid, nonce = self._ids[0], secrets.token_bytes(_NONCE_BYTES)
        return f"{kid}.{urlsafe_b64encode(nonce + self._seals[kid].encrypt(nonce, plain.encode(), None)).decode()}"

    def open(self, sealed: str) -> str:
        """What `seal` took. Raises KeyError for an unknown key id, InvalidTag for a changed value."""
        kid, _, body = sealed.partition(".")
        raw = urlsafe_b64decode(body)
        return self._seals[kid].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode()

    def _under(self, kid: str, use: str, value: str) -> str:
        return hmac.digest(self._lookup[kid][use], value.encode(), "sha256")[:_LOOKUP_BYTES].hex()


def _derive(key: bytes, use: str) -> bytes:
    """A key of its own for each use, so that no value can be carried from one use to another."""
    return hmac.digest(key, f"ehsaas gateway / {use}".encode(), sha256)
