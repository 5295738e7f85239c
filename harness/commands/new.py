"""`crosscheck new`: a spec drafted from a Lean declaration, ours or anybody's."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.lean.declaration import Declaration
    from harness.lean.sketch import Draft
    from harness.specs.library import SpecLibrary

_SCHEMA = "spec.schema.json"


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("name", metavar="LEAN_NAME", help="a theorem, def or abbrev")
    parser.add_argument(
        "--lean", type=Path, metavar="PATH", help="a Lean project, a folder or one .lean file"
    )
    parser.add_argument(
        "--evidence",
        type=Path,
        metavar="FILE",
        help="evidence, or what the exporter printed: for what no source shows, and for its types",
    )
    parser.add_argument("--specs", type=Path, metavar="DIR", help="folder of the specs it joins")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the draft there; default stdout"
    )


def run(arguments: Namespace, streams: Streams) -> int:
    """Writes the draft; what is left to do goes to stderr. InputError for what no spec mirrors."""
    from harness.lean.project import find_lean
    from harness.lean.scan import scan_directory
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    out = arguments.out
    if out is not None and out.exists():
        raise InputError(f"--out {out} is there already", hint="name another file, or remove it")
    path = arguments.lean if arguments.lean is not None else find_lean(None)
    declarations = [one for scan in scan_directory(path) for one in scan.declarations]
    made = _draft(arguments.name, declarations, arguments.evidence)
    library = load_specs(find_specs(arguments.specs).path)
    _write(made, out, streams)
    for line in _remarks(made, library):
        streams.err.write(f"crosscheck: {line}\n")
    if stub := _stub(_constants(made, library)):
        streams.err.write(
            "crosscheck: no catalogue entry implements it yet; one for --catalogue:\n"
        )
        streams.err.write(stub)
    return 0


def _draft(name: str, declarations: Sequence[Declaration], evidence: Path | None) -> Draft:
    """By the source; by the evidence where the source does not have the declaration."""
    from harness.lean.draft import draft
    from harness.lean.draft_facts import draft_of_facts, fact_named, link, read_facts

    facts = read_facts(evidence) if evidence is not None else ()
    try:
        made = draft(name, declarations)
    except InputError:
        if not facts:
            raise
        return draft_of_facts(name, facts)
    known = fact_named(made.name, facts)
    return replace(made, text=f"{made.text}{link(known)}\n") if known else made


def _write(made: Draft, out: Path | None, streams: Streams) -> None:
    from harness.commands.outputs import check_target, write_file

    if out is None:
        streams.out.write(made.text)
        return
    check_target("--out", str(out))
    near = out.resolve().parent.parent / _SCHEMA
    head = f"# yaml-language-server: $schema=../{_SCHEMA}\n" if near.is_file() else ""
    write_file("--out", str(out), head + made.text)
    streams.say(f"{out} drafted from {made.name}.")


def _remarks(made: Draft, library: SpecLibrary) -> list[str]:
    """What a person has to write, what other specs and code it needs, what cannot be judged."""
    lines = [f"to write: {', '.join(made.todo)}"]
    if made.lemma:
        lines.append(f"its equation needs a lemma in Lean: {made.lemma}")
    known = set(library.files)
    if made.name in known:
        lines.append(f"{made.name} has a spec already, {library.files[made.name].document.file}")
    unspecified = [name for name in made.uses if name not in known]
    lines += [f"uses {name}, which has no spec: crosscheck new {name}" for name in unspecified]
    return [*lines, *_outside(made, library, unspecified)]


def _constants(made: Draft, library: SpecLibrary) -> list[str]:
    """The constants of the draft that code would have to implement: a new def is one itself."""
    own = [made.name.rpartition(".")[2]] if made.kind == "def" else []
    named = [name.rpartition(".")[2] for name in made.uses]
    return list(dict.fromkeys([*own, *(name for name in named if name in library.definitions)]))


def _outside(made: Draft, library: SpecLibrary, unspecified: list[str]) -> list[str]:
    """Why a statement could not be judged; nothing where other specs are still to come."""
    from harness.statement.elaborate import elaborate
    from harness.statement.parse import parse

    lines = []
    for text in made.statements:
        try:
            node = parse(text)
            # Without the types of all its constants only the syntax can be told.
            if made.kind != "def" and not unspecified:
                elaborate(node, library.scope)
        except InputError as error:
            lines.append(f"the statement language cannot say it: {error.message}")
    return lines


def _stub(constants: list[str]) -> str:
    """A catalogue, to be pasted into a file, for constants that no entry implements."""
    from harness.implementations.catalogue import load_catalogue

    implemented = {name for entry in load_catalogue() for name in entry.constants}
    missing = [name for name in constants if name not in implemented]
    if not missing:
        return ""
    lines = [
        "schema: 1",
        "entries:",
        "  - name: mine",
        "    library: numpy",
        "    backend: numpy",
        "    dtypes: [float64, float32]",
        "    constants:",
        *(f"      {name}: my_module:{name}" for name in missing),
    ]
    return "\n".join(lines) + "\n"
