"""Parts of a snippet: imports of the code under test, numbers, and how an array is laid out."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from harness.cells.views import layouts_of
from harness.conformance.snippet_adapter import adapter_lines, needed_imports
from harness.conformance.snippet_process import process_lines
from harness.conformance.snippet_term import identifier
from harness.implementations.adapter import Adapter
from harness.implementations.autograd import MODES
from harness.implementations.entry import Backend, Entry, Implementation

MOST_ARRAYS = 4
"""How many arrays a call of a program gets at most."""

_PLAIN = frozenset(float(k) for k in range(-9, 10))
_FULL = {
    "numpy": "np.full({size}, np.nan, values.dtype)",
    "torch": "torch.full(({size},), torch.nan, dtype=values.dtype, device=values.device)",
}


def import_lines(code: Mapping[str, Entry]) -> list[str]:
    """Imports that give each constant its function; what cannot be imported is left to fill in."""
    lines: list[str] = []
    folders: dict[str, None] = {}
    for constant, entry in code.items():
        implementation = entry.constants[constant]
        if entry.process is not None:
            lines += process_lines(identifier(constant), constant, entry.process)
            continue
        module, _, path = implementation.reference.strip().partition(":")
        if "<" in path or module == "__main__":
            lines.append(f"{identifier(constant)} = ...  # put here {implementation.reference}")
            continue
        if not module.startswith("harness."):
            folders[_folder(implementation)] = None
        lines += _import(identifier(constant), module, path, implementation, entry.backend)
    return [*(f"sys.path.insert(0, {json.dumps(folder)})" for folder in folders), *lines]


def mode_lines(mode: str, function: str, derivative: str) -> list[str]:
    """The derivative that torch takes of a function, by our way to take it."""
    way = MODES[mode]
    source = inspect.getsource(way).replace(": Function", "").replace(" -> Directional", "")
    made = f"{identifier(derivative)} = {way.__name__}({identifier(function)})"
    return ["from typing import Any", "", "", *source.rstrip().split("\n"), "", "", made]


def _import(
    name: str, module: str, path: str, implementation: Implementation, backend: Backend
) -> list[str]:
    adapter = implementation.adapter
    if not adapter.plain:
        called = f"{name}_of_theirs"
        bare = replace(implementation, adapter=Adapter())
        imports = [*needed_imports(adapter, backend), *_import(called, module, path, bare, backend)]
        return [*imports, "", "", *adapter_lines(name, called, adapter, backend), ""]
    first, dot, rest = path.partition(".")
    lines = [f"from {module} import {first}" + ("" if dot or first == name else f" as {name}")]
    if dot:
        lines.append(f"{name} = {first}.{rest}")
    if implementation.keywords:
        added = ", ".join(f"{key}={value!r}" for key, value in implementation.keywords.items())
        lines.append(f"{name} = functools.partial({name}, {added})")
    return lines


def _folder(implementation: Implementation) -> str:
    if implementation.folder is None:
        return "."
    path = os.path.relpath(implementation.folder)
    return str(implementation.folder.absolute()) if path.startswith("..") else path


def numbers_text(nested: object) -> str:
    """Hex floats, nested as they are, as a Python expression; runs of one number are short."""
    if isinstance(nested, str):
        value = float.fromhex(nested)
        plain = value in _PLAIN and not nested.startswith("-0x0")
        return repr(value) if plain else f'fh("{_short(nested)}")'
    assert isinstance(nested, list)
    return " + ".join(_runs([numbers_text(part) for part in nested])) or "[]"


def _short(text: str) -> str:
    """A hex float without the zeros at the end of its significand."""
    digits, p, exponent = text.partition("p")
    return digits.rstrip("0").rstrip(".") + p + exponent if "." in digits else text


def _runs(parts: list[str]) -> Iterator[str]:
    """Lists that make up the whole: those without repetition, and `[one] * count`."""
    plain: list[str] = []
    for part, members in groupby(parts):
        count = len(list(members))
        if count <= 4:
            plain += [part] * count
            continue
        if plain:
            yield f"[{', '.join(plain)}]"
            plain = []
        yield f"[{part}] * {count}"
    if plain:
        yield f"[{', '.join(plain)}]"


def array_lines(backend: str, dtype: str, device: str, view: str) -> list[str]:
    """Functions that make an array of numbers, in the layouts at which the code failed."""
    lines: list[str] = []
    for layout in makers(view):
        lines += [*(["", ""] if lines else []), *_maker(backend, dtype, device, view, layout)]
    return lines


def makers(view: str) -> dict[str, str]:
    """Layout -> the function that makes such arrays; several where arguments lie differently."""
    layouts = dict.fromkeys(layouts_of(view, MOST_ARRAYS))
    return {one: "array" if len(layouts) == 1 else f"{one}_array" for one in layouts}


def _maker(backend: str, dtype: str, device: str, view: str, layout: str) -> list[str]:
    name = makers(view)[layout]
    if backend == "torch":
        made = (
            f'torch.tensor(np.asarray(numbers, np.float64), dtype=torch.{dtype}, device="{device}")'
        )
    else:
        # numpy has no bfloat16 of its own.
        kind = '__import__("ml_dtypes").bfloat16' if dtype == "bfloat16" else f"np.{dtype}"
        made = f"np.asarray(numbers).astype({kind})"
    if layout == "contiguous":
        return [f"def {name}(numbers):", f"    return {made}"]
    size = "values.numel()" if backend == "torch" else "values.size"
    start, step, pick = _slice_of(layout, backend)
    return [
        f"def {name}(numbers):",
        f"    values = {made}",
        "    if values.ndim == 0:",
        "        return values",
        f"    # The layout '{layout}', in memory that holds NaN elsewhere.",
        *([f"    step = 1 if values.ndim > 1 else {step}"] if layout == "transposed" else []),
        *([f"    step = {step}"] if layout != "transposed" else []),
        f"    memory = {_FULL[backend].format(size=f'step * {size} + 6')}",
        f"    laid = memory[{start} : {start} + step * {size} : step].reshape({pick}",
        "    laid[...] = values",
        "    return laid",
    ]


def _slice_of(layout: str, backend: str) -> tuple[int, int, str]:
    """Where an array starts in memory, the step from one element to the next, and its shape."""
    match layout:
        case "strided":
            return 3, 2, "values.shape)"
        case "reversed":
            # torch has no negative strides.
            return (
                (3, 1, "values.shape)[..., ::-1]")
                if backend == "numpy"
                else (3, 5, "values.shape)")
            )
        case "transposed":
            turned = ".permute(*range(values.ndim)[::-1])" if backend == "torch" else ".T"
            return 3, 3, f"values.shape[::-1]){turned}"
    return 1, 1, "values.shape)"
