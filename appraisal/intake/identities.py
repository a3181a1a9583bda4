"""Which known person a typed 工号 means, where Excel took its zeros or a hand changed its case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from appraisal.text import key


class KnownIds:
    """Ids that are known; `accounts` maps further names of theirs (子账号) to them."""

    def __init__(self, ids: Iterable[str], accounts: Iterable[tuple[str, str]] = ()) -> None:
        self._exact = frozenset(ids)
        self._named = tuple(accounts)
        self._loose = _grouped((_loose(known), known) for known in self._exact)
        self._accounts = _grouped((key(account), known) for account, known in self._named)

    def among(self, ids: Iterable[str]) -> KnownIds:
        """These ids alone, by the accounts that are known of them."""
        only = frozenset(ids)
        return KnownIds(only, (pair for pair in self._named if pair[1] in only))

    def resolve(self, typed: str) -> str:
        """The one known id that `typed` means: itself, `007` for `7`, an account's owner.

        Where none or more than one could be meant, `typed` as it is.
        """
        if typed in self._exact:
            return typed
        meant = self._loose.get(_loose(typed)) or self._accounts.get(key(typed)) or frozenset()
        return next(iter(meant)) if len(meant) == 1 else typed


def _loose(identity: str) -> str:
    plain = key(identity)
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name, known in pairs:
        groups[name].add(known)
    return {name: frozenset(known) for name, known in groups.items()}
