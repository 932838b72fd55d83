"""Lan administers Hậu Giang (/93/), Minh edits there, Hoa administers Hưng Yên (/33/)."""

from dataclasses import dataclass

import pytest

from core.services import Services
from people.actions import create_user
from people.models import User
from people.passwords import hash_password
from people.roles import SYSTEM, Grant, Principal

PASSWORD = "rừng tràm mùa nước nổi"
HASH = hash_password(PASSWORD)


@dataclass
class Town:
    services: Services
    lan: User
    minh: User
    hoa: User


def as_principal(user: User) -> Principal:
    return Principal("user", user.id, user.name, user.grants)


@pytest.fixture
def town(services: Services) -> Town:
    now = services.clock.now()

    def make(name: str, *grants: Grant) -> User:
        return services.db.write(
            lambda s: create_user(s, email=f"{name}@example.vn", grants=grants, by=SYSTEM, now=now, password_hash=HASH)
        )

    return Town(
        services,
        make("lan", Grant("admin", "/93/")),
        make("minh", Grant("editor", "/93/")),
        make("hoa", Grant("admin", "/33/")),
    )
