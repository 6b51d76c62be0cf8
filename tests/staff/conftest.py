"""The staff on each real database, without the rest of the gateway."""

from datetime import timedelta

import pytest

from gateway import staff as staffing
from gateway.privacy import Vault
from gateway.staff.roles import Role

VAULT = Vault({"k1": b"1" * 32})
PASSWORD = "a long enough sentence"


@pytest.fixture
def build(database):
    """A function: the staff on the test's database, with other choices than the usual ones."""

    def build(**more):
        chosen = {
            "idle": timedelta(minutes=15), "factor_roles": (Role.SUPERVISOR, Role.ADMIN), "second_person": True,
            "production": False,
        }  # fmt: skip
        return staffing.build(database, VAULT, **chosen | more)

    return build


@pytest.fixture
def staff(build):
    return build()


@pytest.fixture
def member(staff):
    """A function: an account, made."""

    def member(name="amina", role=Role.AGENT, **more):
        return staff.accounts.add("system:test", name, role, PASSWORD, **more)

    return member
