"""Passwords come from the environment, else from the keyring; a machine without either has none."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from appraisal.workspace.notify_settings import secret


class KeyringHere(KeyringBackend):
    """In the memory of this test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[KeyringHere]:
    before, here = keyring.get_keyring(), KeyringHere()
    keyring.set_keyring(here)
    yield here
    keyring.set_keyring(before)


def test_the_environment_goes_before_the_keyring(ring: KeyringHere, monkeypatch: pytest.MonkeyPatch):
    assert secret("ROBOT") is None
    keyring.set_password("appraisal", "ROBOT", "https://kept\n")
    assert secret("ROBOT") == "https://kept"
    monkeypatch.setenv("APPRAISAL_ROBOT", "https://said ")
    assert secret("ROBOT") == "https://said"


def test_a_machine_without_a_keyring_has_none(ring: KeyringHere):
    """As most servers: the package is there, and nothing that would keep a secret."""
    keyring.set_keyring(NoKeyring())
    assert secret("ROBOT") is None
