"""From a reference `module:function` to the function; whatever goes wrong is an InputError.

Importing runs foreign code. Whatever it raises becomes one line; only Ctrl-C passes.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

from harness.errors import AbsentError, InputError, Place, did_you_mean
from harness.implementations.adapter import lift
from harness.implementations.entry import Entry

EXAMPLE = "write it as in: my_softmax:softmax"


def callable_of(entry: Entry, constant: str) -> Callable[..., object]:
    """The function that the entry calls for the constant, its adapter applied.

    AbsentError when the library of the entry is not installed; InputError as `resolve` says;
    KeyError when the entry does not implement the constant.
    """
    implementation = entry.constants[constant]
    for library in entry.needed:
        # Imported now, so that it does not count as time of the first call.
        if not is_installed(library) or not _imports(library):
            raise AbsentError(
                f"{library} is not installed, which {entry.name} needs"
                if not is_installed(library)
                else f"{library} is installed, and does not import; {entry.name} needs it",
                place=implementation.place,
                hint=f"pip install {library.partition('.')[0]}",
            )
    function = implementation.function
    if function is None:
        function = resolve(implementation.reference, implementation.place, implementation.folder)
    return lift(function, implementation.adapter, entry.backend)


def resolve(
    reference: str, place: Place | None = None, folder: Path | None = None
) -> Callable[..., object]:
    """The function that `module:function` names (`module:object.method` too).

    The module is imported with `folder` and the current folder first on the path. InputError at
    `place` when the reference has another shape, the module does not exist or raises while it is
    imported, or what is named does not exist or cannot be called.
    """
    module_name, path = split_reference(reference, place)
    folders = [Path.cwd()] if folder is None else [folder.absolute(), Path.cwd()]
    module = _imported(module_name, folders, place)
    found: object = module
    for name in path.split("."):
        owner = found
        try:
            found = getattr(owner, name)
        except Exception:  # a module's own __getattr__ may raise anything
            raise _no_attribute(module, owner, name, place) from None
    if not callable(found):
        raise InputError(
            f"'{reference}' is of type {type(found).__name__}, not a function", place=place
        )
    return found


def split_reference(reference: str, place: Place | None = None) -> tuple[str, str]:
    """`module:function` split at the colon. InputError at `place` for another shape."""
    module, colon, function = reference.strip().partition(":")
    if module.endswith(".py") or "/" in module or "\\" in module:
        stem = module.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
        raise InputError(
            f"'{reference}' names a file where a module is expected",
            place=place,
            hint=f"write {stem}:{function or 'FUNCTION'} and run in the folder of the file",
        )
    if not colon or not all(part.isidentifier() for part in (module + "." + function).split(".")):
        raise InputError(f"'{reference}' is not MODULE:FUNCTION", place=place, hint=EXAMPLE)
    return module, function


def _imported(name: str, folders: list[Path], place: Place | None) -> ModuleType:
    added = [str(folder) for folder in folders if str(folder) not in sys.path]
    sys.path[:0] = added
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, and what test frameworks raise, included
        raise _no_module(name, folders, error, place) from None
    finally:
        # At the end from now on: the module may import its neighbours later, when it is called, but
        # a file of the user's that is called like a library must not replace it for the harness.
        sys.path[:] = [entry for entry in sys.path if entry not in added] + added


def _no_module(
    name: str, folders: list[Path], error: BaseException, place: Place | None
) -> InputError:
    absent = error.name if isinstance(error, ModuleNotFoundError) else None
    if absent is not None and f"{name}.".startswith(f"{absent}."):
        near = did_you_mean(name, [path.stem for where in folders for path in where.glob("*.py")])
        return InputError(
            f"there is no module '{name}'",
            place=place,
            hint=near or "looked in the current folder and among what is installed",
        )
    text = " ".join(str(error).split())
    kind = type(error).__name__
    return InputError(
        f"module '{name}' does not import: {kind}" + (f": {text[:300]}" if text else ""),
        place=place,
        hint=f"see `python -c 'import {name}'`",
    )


def _no_attribute(module: ModuleType, owner: object, name: str, place: Place | None) -> InputError:
    functions = list(_public_callables(owner))
    some = f"it has {', '.join(functions[:5])}" if functions else "it has no functions"
    file = getattr(module, "__file__", None)
    where = f"module '{module.__name__}'" + (f" ({file})" if file else "")
    if owner is not module:
        where = f"'{getattr(owner, '__name__', type(owner).__name__)}' of {where}"
    return InputError(
        f"{where} has no '{name}'", place=place, hint=did_you_mean(name, functions) or some
    )


def _public_callables(owner: object) -> Iterable[str]:
    for name, value in sorted(vars(owner).items() if hasattr(owner, "__dict__") else ()):
        if not name.startswith("_") and callable(value):
            yield name


def _imports(library: str) -> bool:
    try:
        importlib.import_module(library)
    except KeyboardInterrupt:
        raise
    except BaseException:  # built for another numpy, a missing system library
        return False
    return True


def is_installed(library: str) -> bool:
    """Whether a module can be found; it is not imported."""
    try:
        return importlib.util.find_spec(library) is not None
    except (ImportError, ValueError):  # the parent of a dotted name is absent
        return False
