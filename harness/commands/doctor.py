"""`crosscheck doctor`: what is here, what is not, what to do."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from harness import state
from harness.commands.options import add_json, add_sources, completed
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.report.doctor import Item

ABSENT = 3
_ELAN = "https://github.com/leanprover/elan"


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_sources(parser)
    add_json(parser, "what was found")


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints what was found; 3 when `check` lacks something that it needs."""
    check_target("--json", arguments.json)
    from harness.report.doctor import report
    from harness.report.lines import console, width_of, write

    items = [*_settings(), *_libraries(), *_sources(arguments), *_state()]
    code = ABSENT if any(item.state == "needed" for item in items) else 0
    human = streams.err if arguments.json == STDOUT else streams.out
    if arguments.json is not None:
        data = {"exit_code": code, "items": [item.model_dump() for item in items]}
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        if arguments.json == STDOUT:
            streams.out.write(text)
        else:
            write_file("--json", arguments.json, text)
    target = console(human, colour=streams.colour)
    write(target, report(items, width_of(target)))
    return code


def _item(what: str, standing: str, found: str, remedy: str = "") -> Item:
    from harness.report.doctor import Item

    return Item.model_validate({"what": what, "state": standing, "found": found, "remedy": remedy})


def _settings() -> list[Item]:
    """The settings of the current folder; broken ones stop every command."""
    from harness.settings import load_settings

    try:
        completed(Namespace())
        found = load_settings(Path.cwd())
    except InputError as error:
        return [_item("settings", "needed", str(error), error.hint)]
    where = str(found.path) if found.path else "no pyproject.toml here or above"
    return [_item("settings", "here", f"{where}: {len(found.values)} set in [tool.crosscheck]")]


def _libraries() -> list[Item]:
    from harness.commands.machine import machine

    facts = machine()
    python = f"{facts.python} at {sys.executable}; {facts.system}, {facts.cpus} cores"
    items = [_item("Python", "here", python)]
    for name in ("numpy", "python-flint"):
        if name in facts.libraries:
            items.append(_item(name, "here", facts.libraries[name]))
        else:
            items.append(_item(name, "needed", "not installed", f"pip install {name}"))
    if "torch" in facts.libraries:
        text = f"{facts.libraries['torch']}, {facts.torch_cpu} on this CPU"
        items.append(_item("torch", "here", text))
    else:
        items.append(
            _item("torch", "absent", "not installed: numpy is judged alone", "pip install torch")
        )
    if facts.cuda:
        items.append(_item("CUDA", "here", ", ".join(facts.cuda)))
    else:
        text = "no device that torch can use: `--device cuda` ends with exit code 3"
        items.append(_item("CUDA", "absent", text))
    if facts.longdouble_bits == 64:
        items.append(_item("long double", "here", "80 bits: float64 is judged by it, and by balls"))
    else:
        text = (
            f"{facts.longdouble_bits} bits of precision: float64 is judged by balls alone, slowly"
        )
        items.append(_item("long double", "absent", text))
    return items


def _sources(arguments: Namespace) -> list[Item]:
    return [
        *_guarded("specs", lambda: _specs(arguments.specs)),
        *_guarded("Lean source", lambda: _lean_source(arguments.lean)),
        *_guarded("Lean", lambda: _toolchain(arguments.lean)),
    ]


def _guarded(what: str, look: Callable[[], list[Item]]) -> list[Item]:
    """What is wrong with the specs or the source is an item, not the end of the list."""
    try:
        return look()
    except InputError as error:
        return [_item(what, "needed", str(error))]


def _specs(option: Path | None) -> list[Item]:
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    folder = find_specs(option)
    library = load_specs(folder.path)
    text = f"{len(library.specs)} in {folder.path} ({folder.origin}), all parse and type"
    return [_item("specs", "here", text)]


def _lean_source(option: Path | None) -> list[Item]:
    from harness.lean.project import find_lean
    from harness.lean.scan import scan_directory

    path = find_lean(option)
    scans = scan_directory(path)
    declarations = sum(len(scan.declarations) for scan in scans)
    flags = [f"{flag.word} in {flag.place}" for scan in scans for flag in scan.flags]
    unread = [f"{one.place}" for scan in scans for one in scan.unread]
    text = f"{declarations} declarations in {path}"
    if flags:
        text += f"; beware: {', '.join(flags)}"
    if unread:
        text += f"; not read: {', '.join(unread)}"
    return [_item("Lean source", "here" if declarations else "needed", text)]


def _toolchain(option: Path | None) -> list[Item]:
    from harness.lean.project import find_lean, toolchain

    path = find_lean(option)
    found = toolchain(path)
    tools = [tool for tool in (found.elan, found.lake, found.lean) if tool.path]
    said = "; ".join(f"{tool.name} {tool.version or tool.problem}" for tool in tools)
    if found.usable:
        return [_item("Lean", "here", f"{found.pinned}; {said}")]
    text = f"{found.pinned or 'the toolchain'} is not here, so proofs cannot be built"
    remedy = (
        f"`elan toolchain install {found.pinned}`" if found.elan.path else f"install elan, {_ELAN}"
    )
    return [
        _item(
            "Lean",
            "absent",
            f"{text}; {said}" if said else text,
            f"{remedy}, then `lake build` in {path}",
        )
    ]


def _state() -> list[Item]:
    folder = Path.cwd() / state.FOLDER
    if state.is_writable(Path.cwd()):
        return [_item("state", "here", f"{folder} can be written")]
    text = f"{folder} cannot be written: results will not be kept"
    return [_item("state", "absent", text, "run in another folder, or with --no-state")]
