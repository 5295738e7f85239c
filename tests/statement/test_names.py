"""Names: which constant a short, partial or full name means, as Lean resolves it."""

from __future__ import annotations

import pytest

from harness.statement.names import Scope, candidates, declared_names
from harness.statement.term import Signature
from harness.statement.types import REAL


def scope(*full_names: str, namespaces: tuple[str, ...] = ("A.B",)) -> Scope:
    signatures = [
        Signature(declared_names(name, namespaces)[0], name, (), (), REAL) for name in full_names
    ]
    return Scope({signature.full_name: signature for signature in signatures}, namespaces)


@pytest.mark.parametrize("name", ["f", "B.f", "A.B.f", "_root_.A.B.f"])
def test_every_suffix_of_the_full_name_is_found(name: str) -> None:
    found = scope("A.B.f").constant(name)
    assert found is not None
    assert found.full_name == "A.B.f"


@pytest.mark.parametrize("name", ["_root_.f", "A.f", "C.f", "g"])
def test_other_names_are_not_found(name: str) -> None:
    assert scope("A.B.f").constant(name) is None


def test_the_innermost_namespace_wins() -> None:
    both = scope("A.B.f", "A.f", "f")
    assert [getattr(both.constant(name), "full_name", None) for name in ("f", "_root_.f")] == [
        "A.B.f",
        "f",
    ]
    assert candidates("f", ("A.B", "C")) == ["A.B.f", "A.f", "C.f", "f"]


def test_words_of_the_language_are_found_under_their_full_names() -> None:
    names = scope("A.B.f")
    assert names.builtin("Real.exp") == "Real.exp"
    assert names.builtin("_root_.Real.exp") == "Real.exp"
    assert names.builtin("A.B.Vec") == "Vec"
    assert names.builtin("B.Vec") == "Vec"
    assert names.builtin("C.Vec") is None
    assert names.builtin("A.B.Real.exp") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f", ("f", "A.B.f")),
        ("B.f", ("f", "A.B.f")),
        ("A.B.f", ("f", "A.B.f")),
        ("A.B.C.f", ("C.f", "A.B.C.f")),
        ("_root_.f", ("f", "f")),
        ("_root_.A.B.f", ("f", "A.B.f")),
        ("ContinuousLinearMap.pi", ("ContinuousLinearMap.pi", "ContinuousLinearMap.pi")),
    ],
)
def test_where_a_name_is_declared(name: str, expected: tuple[str, str]) -> None:
    assert declared_names(name, ("A.B",)) == expected


def test_without_namespaces_names_are_full() -> None:
    assert declared_names("f", ()) == ("f", "f")
