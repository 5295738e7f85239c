"""Namespaces, sections, opens and variables, seen through the declarations they act on."""

from __future__ import annotations

import pytest

from harness.lean.declaration import Binder, Declaration, Open
from harness.lean.scan import scan_text


def declarations(source: str) -> tuple[Declaration, ...]:
    return scan_text(source, "a.lean").declarations


def only(source: str) -> Declaration:
    (declaration,) = declarations(source)
    return declaration


def names(source: str) -> list[str]:
    return [declaration.name for declaration in declarations(source)]


def problems(source: str) -> list[str]:
    return [unread.reason for unread in scan_text(source, "a.lean").unread]


def taken(binders: tuple[Binder, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(binder.kind, binder.names) for binder in binders if binder.from_variable]


D = "theorem t : p := h\n"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (D, "t"),
        (f"namespace A\n{D}end A", "A.t"),
        (f"namespace A.B\n{D}end A.B", "A.B.t"),
        (f"namespace A\nnamespace B\n{D}end B\nend A", "A.B.t"),
        (f"namespace A.B\nend B\n{D}end A", "A.t"),
        (f"namespace A\nend A\n{D}", "t"),
        (f"namespace A\nsection\n{D}end\nend A", "A.t"),
        (f"namespace A\nsection S\nend S\n{D}end A", "A.t"),
        (f"namespace A\nsection S.T\nend T\nend S\n{D}end A", "A.t"),
        (f"namespace A\nnoncomputable section\nend\n{D}end A", "A.t"),
        (f"@[expose] public section\nnamespace A\n{D}", "A.t"),
        (f"namespace A\nmutual\n{D}end\nend A", "A.t"),
        ("namespace A\ntheorem _root_.B.t : p := h\nend A", "B.t"),
        ("namespace A\ntheorem B.t : p := h\nend A", "A.B.t"),
        (f"namespace A.«b c»\n{D}end A.«b c»", "A.«b c».t"),
    ],
)
def test_full_names(source: str, name: str) -> None:
    assert names(source) == [name]
    assert problems(source) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("end A", "`end A` closes nothing"),
        ("end", "`end` closes nothing"),
        ("namespace A\nend B\nend A", "`end B` closes nothing"),
        ("namespace A\nend\nend A", "`end` closes nothing"),
        ("namespace A\nsection B\nend A", "`end A` while `B` is open"),
        ("mutual\ndef a := 1", "`mutual` has no `end`"),
        ("variable (x : T) + 1", "`+` begins no binder"),
    ],
)
def test_scopes_that_do_not_fit_are_unread(source: str, problem: str) -> None:
    assert problems(source) == [problem]


def test_a_dotted_name_is_inside_of_its_namespace() -> None:
    source = "namespace A\ndef B.f := 1\ndef g := 2\ndef _root_.C.h := 3\nend A"
    assert [one.namespace for one in declarations(source)] == ["A.B", "A", "A"]


def test_names_behind_a_stray_end_keep_their_namespace() -> None:
    assert names(f"namespace A\nend B\n{D}end A") == ["A.t"]


def test_opens_hold_to_the_end_of_their_scope() -> None:
    source = f"open A B\nsection\nopen C (x y)\nopen scoped D\nopen E hiding z\n{D}end\n{D}"
    inside, behind = declarations(source)
    assert inside.opens == (Open("A"), Open("B"), Open("C", ("x", "y")), Open("E"))
    assert behind.opens == (Open("A"), Open("B"))


def test_open_in_holds_for_one_declaration() -> None:
    first, second = declarations(f"open A in\nopen B in\n{D}{D}")
    assert first.opens == (Open("A"), Open("B"))
    assert second.opens == ()


def test_a_theorem_takes_the_variables_of_its_signature_only() -> None:
    source = (
        "variable {n m : ℕ} (x : Vec n) (y : Vec m)\ntheorem t : p x := h y\ndef d : T x := f y"
    )
    theorem, definition = declarations(source)
    assert taken(theorem.binders) == [("implicit", ("n",)), ("explicit", ("x",))]
    assert taken(definition.binders) == [
        ("implicit", ("n", "m")),
        ("explicit", ("x",)),
        ("explicit", ("y",)),
    ]


def test_own_binders_stand_behind_the_variables_and_hide_them() -> None:
    binders = only("variable (x : A) (y : B)\ntheorem t (x : C) : p x y := h").binders
    assert [(one.names, one.from_variable) for one in binders] == [(("y",), True), (("x",), False)]


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("theorem t : ∀ x, p x", []),
        ("theorem t : ∀ (x : T) (z : U), p x z", []),
        ("theorem t : {x | p x} = ∅", []),
        ("theorem t : f = fun z x => g x", []),
        ("theorem t : ∑ x ∈ s, f x = 0", []),
        ("def t : Prop := ∀ x : T, p x", []),
        ("theorem t : (∀ x, p x) ∧ q x", ["x"]),
        ("theorem t : (fun z => p z x) = h", ["x"]),
        ("theorem t : ∑ z ∈ x, f z = 0", ["x"]),
        ("theorem t : ∀ z : F x, p z", ["x"]),
        ("theorem t : ∀ y, p x y", ["x"]),
    ],
)
def test_a_bound_name_is_no_use_of_a_variable(statement: str, names: list[str]) -> None:
    binders = only(f"variable (x : T) (y : T)\n{statement} := h").binders
    assert [name for one in binders for name in one.names] == names


def test_instances_come_with_all_of_their_variables() -> None:
    source = (
        "variable {R M : Type*} [Ring R] [Module R M] [Top M] [Fact q]\ntheorem t (a : R) : p := h"
    )
    binders = only(source).binders
    assert [one.type.text if one.type else "" for one in binders if one.from_variable] == [
        "Type*",
        "Ring R",
        "Fact q",
    ]


def test_include_and_omit() -> None:
    source = f"variable (h : q) (g : r)\ninclude h g\n{D}omit h\n{D}include h in\n{D}{D}"
    assert [[name for _, (name,) in taken(one.binders)] for one in declarations(source)] == [
        ["h", "g"],
        ["g"],
        ["h", "g"],
        ["g"],
    ]


def test_variable_without_a_type_changes_the_brackets() -> None:
    source = "variable {n m : ℕ}\nvariable (n)\ntheorem t : n = m := h"
    assert taken(only(source).binders) == [("explicit", ("n",)), ("implicit", ("m",))]


def test_variable_in_and_sections_end() -> None:
    source = "section\nvariable (x : T)\nend\nvariable (y : T) in\ntheorem t : p x y := h"
    assert taken(only(source).binders) == [("explicit", ("y",))]
    assert taken(declarations(source + "\ntheorem u : p y := h")[1].binders) == []


def test_the_first_component_of_a_name_is_a_use() -> None:
    assert taken(only("variable (x : T)\ntheorem t : x.coords = y := h").binders) == [
        ("explicit", ("x",))
    ]
