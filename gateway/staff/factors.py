"""The second factor: six digits that an app on the phone counts up with the clock (TOTP). Each code counts once."""

from collections.abc import Collection

import pyotp
from sqlalchemy import bindparam, or_, select, update

from gateway import clock
from gateway.db import Database
from gateway.privacy import Vault, ascii_digits
from gateway.staff.audit import Audit
from gateway.staff.members import Member
from gateway.staff.roles import Role
from gateway.staff.tables import staff

ISSUER = "Ehsaas 8171"
STEP_SECONDS = 30
_DRIFT = (0, -1, 1)  # steps that a phone's clock may be off

_SECRETS = select(staff.c.totp_sealed, staff.c.totp_pending_sealed).where(staff.c.id == bindparam("which"))
_PEND = update(staff).where(staff.c.id == bindparam("which")).values(totp_pending_sealed=bindparam("sealed"))
_USE = (
    update(staff)
    .where(
        staff.c.id == bindparam("which"),
        or_(staff.c.totp_step.is_(None), staff.c.totp_step < bindparam("step")),
    )
    .values(totp_step=bindparam("step"))
)
_SET_UP = (
    update(staff)
    .where(staff.c.id == bindparam("which"))
    .values(totp_sealed=staff.c.totp_pending_sealed, totp_pending_sealed=None, totp_step=bindparam("step"))
)
_RESET = (
    update(staff)
    .where(staff.c.id == bindparam("which"))
    .values(totp_sealed=None, totp_pending_sealed=None, totp_step=None)
)


class Factors:
    """roles: who must have one."""

    def __init__(self, database: Database, vault: Vault, audit: Audit, roles: Collection[Role]) -> None:
        self._database = database
        self._vault = vault
        self._audit = audit
        self._roles = frozenset(roles)

    def required(self, member: Member) -> bool:
        return member.password and member.role in self._roles

    def offer(self, member: Member) -> str:
        """The address that an app scans, `otpauth://...`. The same one until it is set up."""
        with self._database.writing() as connection:
            sealed = connection.execute(_SECRETS, {"which": member.id}).one().totp_pending_sealed
            if sealed is None:
                sealed = self._vault.seal(pyotp.random_base32())
                connection.execute(_PEND, {"which": member.id, "sealed": sealed})
        return pyotp.TOTP(self._vault.open(sealed)).provisioning_uri(name=member.name, issuer_name=ISSUER)

    def set_up(self, member: Member, code: str) -> bool:
        """Whether the code proves that the app has the secret; then it counts from now on."""
        with self._database.writing() as connection:
            sealed = connection.execute(_SECRETS, {"which": member.id}).one().totp_pending_sealed
            step = _step_of(self._vault.open(sealed), code) if sealed else None
            if step is None:
                return False
            connection.execute(_SET_UP, {"which": member.id, "step": step})
            self._audit.record(member.mark, "second_factor_set_up", member.mark, connection)
        return True

    def check(self, member: Member, code: str) -> str:
        """`right`, `wrong`, or `used`: a code that was shown already, by her or over her shoulder."""
        with self._database.writing() as connection:
            sealed = connection.execute(_SECRETS, {"which": member.id}).one().totp_sealed
            step = _step_of(self._vault.open(sealed), code) if sealed else None
            if step is None:
                return "wrong"
            return (
                "right" if connection.execute(_USE, {"which": member.id, "step": step}).rowcount else "used"
            )

    def reset(self, actor: str, member: Member) -> None:
        """For somebody whose phone is gone: she sets up another at her next sign-in."""
        with self._database.writing() as connection:
            connection.execute(_RESET, {"which": member.id})
            self._audit.record(actor, "second_factor_reset", member.mark, connection)


def _step_of(secret: str, code: str) -> int | None:
    """The step whose code this is, near the present one, or None."""
    typed = ascii_digits(code).replace(" ", "")
    now = int(clock.epoch()) // STEP_SECONDS
    one = pyotp.TOTP(secret)
    steps = [
        now + drift for drift in _DRIFT if pyotp.utils.strings_equal(one.generate_otp(now + drift), typed)
    ]
    return max(steps, default=None)
