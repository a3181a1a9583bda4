"""The scoring methods, one file each. A new file here that defines one is a new method.

In a rule file an indicator names its method by the method's key: `bands:`, `judged:`, `deduct:`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from appraisal.scheme.methods.method import ScoringMethod


def _discovered() -> Mapping[str, type[ScoringMethod]]:
    found: dict[str, type[ScoringMethod]] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for _, candidate in inspect.getmembers(module, inspect.isclass):
            if (
                issubclass(candidate, ScoringMethod)
                and not inspect.isabstract(candidate)
                and candidate.__module__ == module.__name__
            ):
                found[candidate.key] = candidate
    return MappingProxyType(found)


METHODS: Mapping[str, type[ScoringMethod]] = _discovered()
"""Every scoring method by the key that rule files use."""

__all__ = ["METHODS", "ScoringMethod"]
