"""Passwords and addresses of robots: from the environment or the system's keyring, never from a file of ours."""

from __future__ import annotations

import os

_SERVICE = "appraisal"

SMTP_PASSWORD = "SMTP_PASSWORD"  # noqa: S105 - the name of one


def secret(name: str) -> str | None:
    """What stands under the name: `APPRAISAL_<name>` in the environment, or `appraisal` `<name>` in the keyring.

    The keyring is asked where its package is installed; one that is locked or not there has nothing.
    """
    value = os.environ.get(f"APPRAISAL_{name}")
    if value:
        return value.strip()
    try:
        import keyring  # noqa: PLC0415 - not everybody has it, and loading it takes a while
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        kept: str | None = keyring.get_password(_SERVICE, name)
    except KeyringError:
        return None
    return kept.strip() if kept else None


def where_to_put(name: str) -> str:
    """What an administrator is to do about one that is missing."""
    return (
        f"请设环境变量 APPRAISAL_{name}；或装 keyring 后执行 keyring set {_SERVICE} {name}，存进系统的密码库"
    )
