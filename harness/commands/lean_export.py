"""`crosscheck lean export`: builds the mirror, asks Lean's environment, and writes the evidence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from harness.commands.lean_build import show_built
from harness.commands.options import add_annotate, add_sources, completed
from harness.commands.streams import Streams

FINDING = 1
LOG = "lean-export.log"


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_sources(parser)
    add_annotate(parser)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="default evidence.json of the Lean folder"
    )


def run(arguments: Namespace, streams: Streams) -> int:
    """Writes the evidence; 1 when Lean rejects or lacks something, or a spec is not proved."""
    given = completed(arguments)
    from harness.commands.lean_log import lake_log, lake_progress
    from harness.commands.machine import own_version
    from harness.commands.outputs import check_target, write_file
    from harness.lean.build import check_project
    from harness.lean.evidence import FILE_NAME
    from harness.lean.export import evidence_text, export
    from harness.lean.lake import find_lake
    from harness.lean.project import find_lean
    from harness.lean.rung import proof_of
    from harness.report.numbers import count, listed
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    library = load_specs(find_specs(given.specs).path)
    path = find_lean(given.lean)
    out = str(given.out or path / FILE_NAME)
    check_target("--out", out)
    check_project(path)
    find_lake()
    with lake_log(LOG, streams) as log, lake_progress(streams) as tell:
        made = export(path, library, log, tell, crosscheck=own_version())
    show_built(made.built, library, path, streams, annotate=given.annotate)
    if made.missing:
        streams.say(f"Lean has no {listed(list(made.missing), 'or')}; no evidence was written.")
    if made.evidence is None:
        return FINDING
    write_file("--out", out, evidence_text(made.evidence))
    proofs = {spec.short_name: proof_of(spec, made.evidence) for spec in library.specs}
    for name, proof in proofs.items():
        if proof.reason:
            streams.say(f"{name}: {proof.state}: {proof.reason}")
    proved = sum(proof.state == "proved" for proof in proofs.values())
    streams.say(f"{proved} of {count(len(proofs), 'spec')} proved; evidence in {out}.")
    return 0 if proved == len(proofs) else FINDING
