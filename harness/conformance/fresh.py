"""An entry's code as it is right after import: its modules are executed once more, caches empty.

What failed may have failed because of an earlier call. Only code without memories can tell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import module_from_spec
from pathlib import Path
from sysconfig import get_path
from types import ModuleType
from typing import Any

from harness.conformance.subject import Subject
from harness.implementations.adapter import lift
from harness.implementations.entry import Entry, Implementation


def renewed(subject: Subject, entry: Entry) -> Subject | None:
    """The subject with its own functions made anew; None where that cannot be done.

    It cannot for functions that are given as objects, and for modules that refuse to run twice.
    What other modules remember stays, and so does what is installed: running `torch` twice in a
    process would break it.
    """
    modules: dict[str, ModuleType] = {}
    callees = dict(subject.callees)
    try:
        for constant, implementation in entry.constants.items():
            if _is_installed(implementation) or _is_of(implementation, entry.needed):
                continue
            function = lift(
                _function(implementation, modules), implementation.adapter, entry.backend
            )
            callees[constant] = replace(subject.callees[constant], function=function)
    except KeyboardInterrupt:
        raise
    except BaseException:  # foreign code, executed again
        return None
    return replace(subject, callees=callees)


def _is_of(implementation: Implementation, libraries: tuple[str, ...]) -> bool:
    """Whether the module is of a library that the entry names, wherever that is installed."""
    root = implementation.reference.strip().partition(":")[0].partition(".")[0]
    return root in {library.partition(".")[0] for library in libraries}


def _is_installed(implementation: Implementation) -> bool:
    """Whether the module is of a library, or of Python itself."""
    name = implementation.reference.strip().partition(":")[0]
    file = getattr(sys.modules.get(name), "__file__", None)
    if implementation.function is not None or file is None:
        return False
    path = Path(file).resolve()
    # An editable install lies elsewhere, and counts as somebody's own code.
    library = {get_path(key) for key in ("purelib", "platlib", "stdlib", "platstdlib")}
    return any(path.is_relative_to(Path(folder).resolve()) for folder in library if folder)


def _function(implementation: Implementation, modules: dict[str, ModuleType]) -> Callable[..., Any]:
    if implementation.function is not None:
        raise LookupError(implementation.reference)
    name, _, path = implementation.reference.strip().partition(":")
    if name not in modules:
        modules[name] = _executed_again(name)
    found: Any = modules[name]
    for part in path.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def _executed_again(name: str) -> ModuleType:
    known = sys.modules[name]
    if known.__spec__ is None or known.__spec__.loader is None:
        raise LookupError(name)
    module = module_from_spec(known.__spec__)
    # Dataclasses and the like look their module up while it runs.
    sys.modules[name] = module
    try:
        known.__spec__.loader.exec_module(module)
    finally:
        sys.modules[name] = known
    return module
