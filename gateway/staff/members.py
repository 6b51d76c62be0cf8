"""A member of the staff as the rest of the gateway knows her, and how a row becomes one."""

from dataclasses import dataclass
from typing import Any

from gateway.staff.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Member:
    """One account. `second_factor`: whether one is set up; `password`: whether she signs in here with one."""

    id: int
    name: str
    display_name: str
    role: Role
    language: str
    disabled: bool
    demo: bool
    second_factor: bool
    password: bool

    def may(self, permission: Permission | str) -> bool:
        """Raises ValueError for a permission that there is not."""
        return may(self.role, Permission(permission))

    @property
    def mark(self) -> str:
        """How the audit names her."""
        return f"staff:{self.id}"


def member_of(row: Any) -> Member:
    """From a row with the columns of `staff`."""
    return Member(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        role=Role(row.role),
        language=row.language,
        disabled=row.disabled,
        demo=row.demo,
        second_factor=row.totp_sealed is not None,
        password=row.password_hash is not None,
    )
