"""The report for people: what it says, how wide it is, what a terminal gets."""

from __future__ import annotations

import io

import pytest

from harness.conformance.verdict import CheckResult, Inputs, Shrunk, Verdict
from harness.report.document import Document
from harness.report.header import Preamble, header
from harness.report.lines import console, write
from harness.report.text import body
from tests.report.samples import check, document, good_run, lean_record, theorem, violation


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed(found: Document, width: int = 100, *, to: io.StringIO | None = None) -> str:
    stream = to or io.StringIO()
    write(console(stream, colour=True), body(found, width))
    return stream.getvalue()


def rows(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"{name} ")]


def everything() -> Document:
    """One of each finding."""
    results: list[CheckResult] = [
        *good_run(),
        check("softmaxVec", dtype="float16", verdict=Verdict.VIOLATES, violation=violation()),
        check("softmaxJvp", dtype="float16", verdict=Verdict.VIOLATES, violation=violation()),
        theorem(dtype="float16", verdict=Verdict.VIOLATES, violation=violation()),
        check("softmaxVec", dtype="bfloat16", verdict=Verdict.INCONCLUSIVE, notes=("no bound",)),
        check("softmaxJvp", entry="mine", verdict=Verdict.VIOLATES, violation=violation()),
        theorem(entry="mine"),
        check(
            "sumExp",
            entry="mine",
            verdict=Verdict.VIOLATES,
            violation_n0=violation(
                kind="exception", message="ValueError: \x1b[31mempty", case=None
            ),
        ),
    ]
    return document(results, {"Vec": lean_record(mirror="missing", message="no `Vec` there")})


def test_a_line_for_each_declaration() -> None:
    text = printed(document(good_run()))
    for name in ("sumExp", "softmaxVec", "softmaxJvp", "inner_softmaxJvp_comm"):
        (row,) = rows(text, name)
        assert row.split()[1:] == ["✓", "✓", "·", "✓", *["✓", "0.71"] * 4]
    assert len(rows(text, "Vec")) == 1


def test_the_last_line_is_the_sentence() -> None:
    found = document(good_run())
    assert printed(found).splitlines()[-1] == found.summary.sentence
    assert printed(everything()).splitlines()[-1] == everything().summary.sentence


def test_a_theorem_that_holds_over_wrong_code_says_so() -> None:
    text = printed(everything())
    assert "  mine float32: holds, but softmaxJvp violates" in text.splitlines()


def test_a_violation_tells_all() -> None:
    text = printed(document([check(verdict=Verdict.VIOLATES, violation=violation(), violations=3)]))
    for words in (
        "✗ softmaxVec violates   numpy · float32 on cpu · definition check",
        "x = [0x1.8p+6, 0x1p+0]",
        "≈ [96, 1]",
        "31,234 times the bound",
        "    crosscheck replay Proofs.Autograd.softmaxVec:definition:numpy:cpu@"
        "float32/n=2/normal/one_hot/s0/13/contiguous/seed=1#3 --impl softmaxVec=mine:softmax\n",
        "3 violations in 1,000 cases",
    ):
        assert words in text


def test_what_we_lent_is_named() -> None:
    bad = theorem(Verdict.VIOLATES, violation=violation(), ours=("softmaxVec",), entry="mine")
    assert "ours: softmaxVec" in printed(document([bad]))


def test_theorems_that_fail_in_turn_are_one_line() -> None:
    text = printed(everything())
    assert "    inner_softmaxJvp_comm: numpy float16" in text.splitlines()
    assert text.count("✗ inner_softmaxJvp_comm") == 0


def test_empty_vectors_have_their_own_line() -> None:
    lines = printed(everything()).splitlines()
    start = lines.index("✗ n = 0: an empty vector must be answered, too")
    assert lines[start + 1].startswith("    softmaxVec of mine: ValueError")
    assert not any(line.startswith("✗ sumExp") for line in lines)


@pytest.mark.parametrize("width", [50, 80, 100])
def test_lines_fit(width: int) -> None:
    lines = printed(everything(), width).splitlines()
    # What is to be copied is not broken.
    lines = [line for line in lines if not line.startswith("    crosscheck replay ")]
    assert [line for line in lines[:-1] if len(line) > width] == []


def test_many_columns_become_several_tables() -> None:
    entries = [f"library{k}" for k in range(5)]
    results = [
        check(name, entry=entry, dtype=dtype)
        for entry in entries
        for dtype in ("float64", "float32", "float16")
        for name in ("sumExp", "softmaxVec")
    ]
    text = printed(document(results), 80)
    assert len(rows(text, "sumExp")) == 3
    assert max(map(len, text.splitlines()[:-1])) <= 80


def test_a_pipe_gets_no_control_characters() -> None:
    text = printed(everything())
    assert not [c for c in text if ord(c) < 32 and c != "\n"]


def test_a_terminal_gets_colours_unless_it_wants_none() -> None:
    terminal = Terminal()
    write(console(terminal, colour=False), body(document(good_run()), 80))
    assert "\x1b" not in terminal.getvalue()


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    write(console(terminal, colour=True), body(document(good_run()), 80))
    assert "\x1b[" in terminal.getvalue()


def test_the_header_says_what_was_not_proved() -> None:
    found = everything()
    known = Preamble(
        found.crosscheck,
        found.run,
        found.machine,
        found.specs,
        found.lean,
        found.toolchain,
        found.declarations,
    )
    text = "\n".join(line.plain for line in header(known, 200))
    assert (
        "no toolchain on this machine, so nothing here was proved by this run; statements were "
        "compared as text with the Lean source: 4 of 5 mirrored" in text
    )
    for words in ("numpy 2.4.6", "torch 2.13.0", "python-flint 0.9.0", "Python 3.12.1"):
        assert words in text
    assert "effort default · seed 1" in text
    assert "flush_denormal off" in text
    assert "AVX2 FMA3" in text
    assert "specs (repository)" in text


def test_derivatives_of_autograd_are_told_by_mode_with_the_reason_where_there_is_none() -> None:
    taken = [theorem(check="derivative", part=part) for part in (3, 4)]
    note = "torch takes no derivative of it by jvp: RuntimeError: no rule"
    refused = theorem(Verdict.UNSUPPORTED, check="derivative", part=0, notes=(note,))
    text = printed(document([*good_run(), *taken, refused]))
    assert "the derivative that torch takes of numpy by jacfwd and jacrev: conforms" in text
    assert "torch takes no derivative of numpy by jvp: RuntimeError: no rule" in text
    assert "torch takes" not in printed(document(good_run()))


def caused(kind: str, **shrunk: object) -> Document:
    """A definition check that fails, and the check that names why."""
    base = {"calls": (Inputs({"n": 2}, (), "contiguous", {}),), "violation": violation()}
    small = Shrunk(**{**base, **shrunk})  # type: ignore[arg-type]
    found = violation(shrunk=small)
    return document(
        [
            check("softmaxVec", entry="mine", verdict=Verdict.VIOLATES, violation=found),
            check(
                "softmaxVec",
                kind,
                entry="mine",
                verdict=Verdict.VIOLATES,
                violation=violation(kind=kind, message="differs"),
                constants=("softmaxVec",),
            ),
        ]
    )


def test_a_cause_is_told_and_the_wrong_value_that_it_explains_is_one_line() -> None:
    batch = (Inputs({"n": 2}, (2,), "contiguous", {}),)
    text = printed(caused("batch", calls=batch))
    assert "batch check" in text and "definition check" not in text
    assert "softmaxVec (its definition): mine float32" in text
    assert text.splitlines()[-1].startswith("softmaxVec depends on the other rows of its batch")
    assert "✗batch" in rows(text, "softmaxVec")[0]


@pytest.mark.parametrize("kind", ["batch", "layout", "repeat"])
def test_numbers_that_are_wrong_by_themselves_are_told_and_what_differs_is_one_line(
    kind: str,
) -> None:
    """Code that rounds to a coarser format differs between layouts, too: that is not its defect."""
    text = printed(caused(kind))
    assert "definition check" in text
    assert f"in turn, by what is above\n    softmaxVec ({kind} check): mine float32" in text
    assert text.splitlines()[-1].startswith("softmaxVec violates its statement for mine in float32")
    assert kind not in rows(text, "softmaxVec")[0] and "view" not in rows(text, "softmaxVec")[0]


def test_a_cause_that_the_smallest_input_does_not_show_is_told_beside_it() -> None:
    view = (Inputs({"n": 2}, (), "strided", {}),)
    text = printed(caused("batch", calls=view))
    assert "batch check" in text and "definition check" in text


def test_a_theorem_rests_on_a_constant_that_depends_on_its_layout() -> None:
    found = [
        *good_run(),
        check(
            "softmaxJvp",
            "layout",
            verdict=Verdict.VIOLATES,
            violation=violation(kind="layout"),
            constants=("softmaxJvp",),
        ),
    ]
    text = printed(document(found))
    assert "holds, but softmaxJvp violates" in text
    assert "✗ view" in rows(text, "softmaxJvp")[0]
    assert text.splitlines()[-1].startswith("softmaxJvp depends on how its argument lies")


def test_checks_that_did_not_run_are_told_once_for_each_reason() -> None:
    spent = "its program failed 3 times and was not started again"
    left = [
        check("sumExp", verdict=Verdict.NOT_RUN, entry="mine", notes=(spent,)),
        check("softmaxVec", verdict=Verdict.NOT_RUN, entry="mine", notes=(spent,)),
        check("sumExp", "consistency", verdict=Verdict.NOT_RUN, notes=("interrupted",)),
    ]
    text = " ".join(printed(document([*good_run(), *left])).split())
    assert f"· 2 checks not run (mine float32): {spent}" in text
    assert "· 1 check not run (exact reals): interrupted" in text
    assert "not run" not in printed(document(good_run()))
