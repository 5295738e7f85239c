"""How much a statement takes: by the indices that its parts vary with, not by how it is nested."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.conformance.claim import claim_of
from harness.conformance.extent import extent
from tests.conformance.judging import Judge
from tests.conformance.unseen import library_with

DEFINITION = """\
schema: 1
name: Proofs.Autograd.{name}
kind: def
role: support
file: Proofs/Autograd/Unseen.lean
summary: A constant for a test.
type: "{type}"
equation: {{statement: "{statement}", lemma: Proofs.Autograd.{name}_apply}}
provenance: {{requirement: TEST-01, text: The checks are general.}}
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("∑ i, x i = 0", 10),
        ("∑ i, ∑ j, x i * y j = 0", 200),
        ("(∑ i, x i) * ∑ j, y j = 0", 20),
        ("∑ i, x i * ∑ j, y j = 0", 20),
        ("∑ i, softmaxVec (softmaxVecOfFun fun j => x j + x i) i = 0", 100),
        ("∑ i, ∑ j, ∑ k, x i * x j * x k = 0", 1000),
        ("softmaxVec y = y", 20),
        ("c = 0", 1),
        ("sumExp x = c", 20),  # what is inside of a constant counts at the largest size
        ("c * x p = c * y q", 200),
    ],
)
def test_the_most_numbers_of_any_part(judge: Judge, body: str, expected: int) -> None:
    claim = judge.claim(
        f"∀ {{n m : ℕ}} (x : Vec n) (y : Vec m) (c : ℝ) (p : Fin n) (q : Fin m), {body}"
    )
    assert extent(claim.relations, judge.bench("float32").own, {"n": 10, "m": 20}) == expected


def test_an_index_that_is_fixed_has_one_value(judge: Judge) -> None:
    pair = judge.claim("∀ {n : ℕ} (x : Vec n) (i j : Fin n), x i * x j = x j * x i")
    sizes = {"n": 10}
    assert extent(pair.relations, {}, sizes) == 100
    assert extent(pair.relations, {}, sizes, frozenset(pair.indices)) == 10


def test_an_equation_that_a_constant_reaches_counts(tmp_path: Path) -> None:
    equation = "∀ {n : ℕ} (x : Vec n), pairs x = ∑ i, ∑ j, x i * x j"
    text = DEFINITION.format(name="pairs", type="{n : ℕ} → Vec n → ℝ", statement=equation)
    (tmp_path / "pairs.yaml").write_text(text, encoding="utf-8")
    library = library_with(tmp_path, {"doubled": "∀ {n : ℕ} (x : Vec n), 2 * pairs x = pairs x"})
    claim = claim_of(library.statement(library.by_name("doubled")))
    assert extent(claim.relations, library.definitions, {"n": 10}) == 100
    assert extent(claim.relations, {}, {"n": 10}) == 10


def test_nothing_takes_one_number(judge: Judge) -> None:
    assert extent((), {}, {}) == 1
    zero = judge.claim("∀ {n : ℕ} (x : Vec n), ∑ i, x i = 0")
    assert extent(zero.relations, {}, {"n": 0}) == 1
