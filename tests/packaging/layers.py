"""Who may import what: the table of DESIGN's folders, and complaints about imports against it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from tests.packaging.house import Source

LAYERS: Mapping[str, frozenset[str]] = {
    # What each folder of harness/ may import, beside itself and modules such as errors.py that
    # import only their like. cli.py, plugin.py and testing.py may import everything.
    folder: frozenset(below.split())
    for folder, below in {
        "statement": "",
        "evaluate": "statement",
        "specs": "statement",
        "lean": "statement specs",
        "cells": "statement evaluate",
        "implementations": "specs evaluate",  # the catalogue is YAML and names arithmetics
        "protocol": "",
        "conformance": "statement evaluate specs cells implementations protocol",
        "report": "statement evaluate specs lean cells implementations conformance",
        "power": "statement evaluate specs cells implementations conformance",
        "campaign": "statement evaluate specs cells implementations conformance",
        "site": "statement evaluate specs lean conformance report",
        "board": "statement evaluate specs cells implementations conformance report power",
        "commands": "statement evaluate specs lean cells implementations conformance report power "
        "campaign site board",
    }.items()
}

FOREIGN: Mapping[str, frozenset[str]] = {
    # Libraries that would mean that a folder does another one's work.
    folder: frozenset(libraries.split())
    for folder, libraries in {
        "statement": "numpy torch flint yaml pydantic rich",
        "evaluate": "yaml pydantic lark pathlib rich",
        "specs": "numpy torch flint lark rich",
        "lean": "numpy torch flint yaml lark rich",
        "cells": "yaml pydantic lark rich",
        "implementations": "flint lark rich",
        "protocol": "numpy torch flint yaml lark rich",
        "conformance": "yaml lark rich",
        "report": "numpy torch flint lark",
        "power": "yaml lark",
        "campaign": "yaml lark torch flint",
        "site": "numpy torch flint yaml lark rich",
        "board": "yaml lark torch",
        "commands": "yaml lark",
    }.items()
}

# Our own implementations, apart from the catalogue beside them.
PLAIN_CODE = re.compile(r"harness\.implementations\.(numpy|torch|jax|tensorflow|autograd|onnx)_\w+")


def wrong_imports(sources: tuple[Source, ...]) -> list[str]:
    """Imports against LAYERS and FOREIGN, and cycles. Imports inside functions count too."""
    graph = import_graph(sources)
    ground = _ground_modules(graph)
    complaints = []
    for source in sources:
        parts = source.module.split(".")
        if len(parts) == 1 or source.path == f"harness/{parts[-1]}.py":
            continue
        folder = parts[1]
        if folder not in LAYERS:
            complaints.append(f"{source.path}: folder {folder} is not in LAYERS")
            continue
        for target in sorted(graph[source.module] - ground):
            above = target.split(".")[1] if "." in target else target
            if above != folder and above not in LAYERS[folder]:
                complaints.append(f"{source.path}: {folder} must not import {target}")
        for library in sorted(_libraries(source) & FOREIGN[folder]):
            complaints.append(f"{source.path}: {folder} must not import {library}")
        if PLAIN_CODE.fullmatch(source.module) and graph[source.module]:
            complaints.append(f"{source.path}: an implementation imports nothing of the harness")
    return complaints + [f"import cycle: {' -> '.join(cycle)}" for cycle in _cycles(graph)]


def import_graph(sources: tuple[Source, ...]) -> dict[str, set[str]]:
    """Module -> the modules of the harness that it names in an import."""
    modules = {source.module for source in sources}
    graph: dict[str, set[str]] = {}
    for source in sources:
        named = (_nearest(name, modules) for name in _imported(source))
        graph[source.module] = {name for name in named if name} - {source.module}
    return graph


def _ground_modules(graph: Mapping[str, set[str]]) -> set[str]:
    """Modules directly below harness/ that import nothing but their like: free to every folder."""
    ground: set[str] = set()
    top = {name for name in graph if name.count(".") == 1 and name.split(".")[1] not in LAYERS}
    while grown := {name for name in top - ground if graph[name] <= ground}:
        ground |= grown
    return ground


def _nearest(name: str, modules: set[str]) -> str | None:
    """The module that `name` is or stands in; None outside the harness."""
    parts = name.split(".")
    prefixes = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in modules), None)


def _imported(source: Source) -> Iterator[str]:
    package = source.module.split(".")
    if not source.path.endswith("__init__.py"):
        package = package[:-1]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _libraries(source: Source) -> set[str]:
    return {name.split(".")[0] for name in _imported(source)}


def _cycles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """One path for each cycle that a depth-first walk closes."""
    found: list[list[str]] = []
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> None:
        if module in path:
            found.append([*path[path.index(module) :], module])
        elif module not in done:
            for target in sorted(graph.get(module, ())):
                visit(target, [*path, module])
            done.add(module)

    for module in sorted(graph):
        visit(module, [])
    return found
