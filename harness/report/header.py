"""The first lines of a run: what was proved here and what was not, what was read, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from harness.report.document import (
    DeclarationRecord,
    EvidenceRecord,
    FolderRecord,
    MachineRecord,
    RunRecord,
    ToolRecord,
)
from harness.report.lines import DOUBT, GOOD, STRONG, labelled
from harness.report.numbers import count

_SHOWN = 4


@dataclass(frozen=True)
class Preamble:
    """What is known before anything ran."""

    crosscheck: str
    run: RunRecord
    machine: MachineRecord
    specs: FolderRecord
    lean: FolderRecord
    toolchain: ToolRecord
    declarations: Sequence[DeclarationRecord]
    evidence: EvidenceRecord | None = None


def header(known: Preamble, width: int) -> list[Text]:
    """The header's lines."""
    declarations, machine = known.declarations, known.machine
    required = sum(one.role == "required" for one in declarations)
    held = f"{count(len(declarations), 'declaration')}, {required} required"
    asked = f" · effort {known.run.effort} · seed {known.run.seed}"
    lines = [
        Text.assemble((f"crosscheck {known.crosscheck}", STRONG), asked),
        *lean_lines(known.toolchain, declarations, known.evidence, known.lean.flags, width),
        *labelled("specs", _folder(known.specs, held), width),
        *labelled("source", _folder(known.lean, _pins(known.toolchain)), width),
        *labelled("machine", _machine(machine), width),
        *labelled("CPU", _cpu(machine), width),
    ]
    if machine.torch:
        flags = ", ".join(f"{name} {value}" for name, value in machine.torch.items())
        lines += labelled("torch", flags, width)
    if machine.cuda:
        lines += labelled("CUDA", ", ".join(machine.cuda), width)
    return lines


def lean_lines(
    toolchain: ToolRecord,
    declarations: Sequence[DeclarationRecord],
    evidence: EvidenceRecord | None,
    flags: Sequence[str],
    width: int,
) -> list[Text]:
    """What of the Lean side can be vouched for, by which evidence, and what speaks against it."""
    proved = all(one.lean.proved == "proved" for one in declarations)
    style = GOOD if proved and declarations else DOUBT
    lines = labelled("Lean", proof_sentence(toolchain, declarations), width, style=style)
    if evidence is not None:
        style = DOUBT if evidence.lapsed else ""
        lines += labelled("evidence", evidence_sentence(evidence), width, style=style)
    if flags:
        more = f" and {len(flags) - _SHOWN} more" if len(flags) > _SHOWN else ""
        text = f"{', '.join(flags[:_SHOWN])}{more}: what rests on such a thing is not proved"
        lines += labelled("beware", text, width, style=DOUBT)
    return lines


def evidence_sentence(evidence: EvidenceRecord) -> str:
    """Which evidence, and whether it still holds."""
    mathlib = f", Mathlib {evidence.mathlib[:12]}" if evidence.mathlib else ""
    text = f"{evidence.path} of {evidence.made}, by Lean {evidence.lean}{mathlib}"
    if evidence.lapsed:
        more = f" and {len(evidence.lapsed) - 2} more" if len(evidence.lapsed) > 2 else ""
        return f"{text}: has lapsed, {'; '.join(evidence.lapsed[:2])}{more}"
    return (
        f"{text}: holds; it guards against accidents, not against forgery: first-hand is only what "
        "the same job has exported"
    )


def proof_sentence(toolchain: ToolRecord, declarations: Sequence[DeclarationRecord]) -> str:
    """What of the Lean side this run can vouch for."""
    same = sum(one.lean.mirror == "same" for one in declarations)
    proved = sum(one.lean.proved == "proved" for one in declarations)
    compared = (
        f"statements were compared as text with the Lean source: {same} of "
        f"{len(declarations)} mirrored"
    )
    if proved:
        return f"{proved} of {len(declarations)} proved, by evidence of Lean; {compared}"
    if toolchain.present:
        return f"this run did not build the proofs, so nothing here was proved by it; {compared}"
    none = "no usable toolchain" if toolchain.tools else "no toolchain"
    return f"{none} on this machine, so nothing here was proved by this run; {compared}"


def _folder(folder: FolderRecord, facts: str) -> str:
    digest = f", sha256 {folder.digest[:12]}" if folder.digest else ""
    return f"{folder.path} ({folder.origin}): {facts}{digest}"


def _pins(toolchain: ToolRecord) -> str:
    pins = [toolchain.pinned or "no pinned toolchain"]
    if toolchain.mathlib:
        pins.append(f"Mathlib {toolchain.mathlib}")
    return ", ".join(pins)


def _machine(machine: MachineRecord) -> str:
    libraries = [f"{name} {version}" for name, version in machine.libraries.items()]
    absent = [f"no {name}" for name in machine.absent]
    return ", ".join([f"Python {machine.python}", *libraries, *absent, machine.system])


def _cpu(machine: MachineRecord) -> str:
    parts = [count(machine.cpus, "core")]
    if machine.numpy_dispatch:
        parts.append(f"numpy uses {' '.join(machine.numpy_dispatch)}")
    if machine.torch_cpu:
        parts.append(f"torch uses {machine.torch_cpu}")
    return "; ".join(parts)
