"""Elaboration as a whole: quantifiers, hypotheses, names, and the types of constants."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.elaborate import Scope, elaborate
from harness.statement.parse import parse
from harness.statement.printer import show_term
from harness.statement.substitute import free_vars
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    Relation,
    Sum,
    Tabulate,
    Unary,
    Var,
)
from harness.statement.traverse import bound_by, subterms
from harness.statement.types import (
    NAT,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    VecType,
)
from tests.statement.lean_texts import STATEMENTS
from tests.statement.scopes import SCOPE, statement

N = Length(("n",))
VEC, FIN = VecType(N), FinType(N)
SIZE, X, DX, K = Var("n", NAT), Var("x", VEC), Var("dx", VEC), Var("i", FIN)


def test_the_coordinate_formula_of_softmax() -> None:
    assert statement(STATEMENTS["softmaxVec_apply"]) == Forall(
        (SIZE, X, K),
        Relation(
            "=",
            Coord(Call("softmaxVec", (X,), VEC), K),
            Binary("div", Unary("exp", Coord(X, K)), Call("sumExp", (X,), REAL)),
            REAL,
        ),
    )


def test_self_adjointness_is_an_equation_of_sums() -> None:
    d = Var("δ", VEC)
    j = Var("i_1", FIN)
    assert statement(STATEMENTS["inner_softmaxJvp_comm"]).body == Relation(
        "=",
        Sum(K, Binary("mul", Coord(Call("softmaxJvp", (X, DX), VEC), K), Coord(d, K))),
        Sum(j, Binary("mul", Coord(DX, j), Coord(Call("softmaxJvp", (X, d), VEC), j))),
        REAL,
    )


def test_a_derivative_speaks_of_calls_with_all_arguments() -> None:
    x, v = Var("x_1", VEC), Var("v", VEC)
    of = Lambda(x, Call("softmaxVec", (x,), VEC), FunType(VEC, VEC))
    linear = Lambda(v, Call("softmaxDerivCLM", (X, v), VEC), LinearType(VEC, VEC))
    assert statement(STATEMENTS["hasFDerivAt_softmaxVec"]).body == HasFDerivAt(of, linear, X)


def test_pi_is_called_and_its_rows_are_applied() -> None:
    f = Var("f", FunType(FIN, LinearType(VEC, REAL)))
    call = Call("ContinuousLinearMap.pi", (f, X), FunType(FIN, REAL))
    assert statement(STATEMENTS["pi_apply_vec"]).body == Relation(
        "=", Coord(call, K), Apply(Coord(f, K), X), REAL
    )


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_is_closed_and_binds_each_name_once(name: str) -> None:
    term = statement(STATEMENTS[name])
    bound = [var.name for below in subterms(term) for var in bound_by(below)]
    assert len(set(bound)) == len(bound)
    assert not free_vars(term)


def test_hypotheses_become_implications_and_quantifiers_come_first() -> None:
    first = statement("∀ (c : ℝ) (hc : 0 < c) {n : ℕ} (x : Vec n), c ≤ c → ∀ i : Fin n, x i = c")
    assert [var.name for var in first.variables] == ["c", "n", "x", "i"]
    assert isinstance(first.body, Logic)
    assert first.body.op == "→"
    second = statement("∀ (c : ℝ) {n : ℕ} (x : Vec n) (i : Fin n), 0 < c → c ≤ c → x i = c")
    assert same_proposition(first, second)


@pytest.mark.parametrize(
    "text",
    [
        "(∀ x : Vec 0, x = x) ∧ 1 = 1",
        "(∀ x : Vec 0, x = x) → 1 = 1",
        "¬∀ x : Vec 0, x = x",
        "∀ (h : ∀ x : Vec 0, x = x), 1 = 1",
    ],
)
def test_a_quantifier_that_cannot_be_hoisted_is_outside(text: str) -> None:
    with pytest.raises(InputError, match="a ∀ inside of a statement"):
        statement(text)


def test_shadowed_names_get_names_of_their_own() -> None:
    term = statement("∀ {n : ℕ} (x x : Vec n), ∑ i, x i = ∑ i, x i * ∑ i, x i")
    assert show_term(term) == (
        "∀ {n : ℕ} (x x_1 : Vec n), "
        "∑ i : Fin n, x_1 i = ∑ i_1 : Fin n, x_1 i_1 * (∑ i_2 : Fin n, x_1 i_2)"
    )


def test_no_variable_hides_a_constant_or_a_word() -> None:
    term = statement("∀ {n : ℕ} (dotCLM Real : Vec n), sumExp dotCLM = sumExp Real")
    assert show_term(term) == (
        "∀ {n : ℕ} (dotCLM_1 Real_1 : Vec n), sumExp dotCLM_1 = sumExp Real_1"
    )


def test_let_is_written_out() -> None:
    short = statement("∀ {n : ℕ} (x : Vec n), let y := softmaxVec x; let m := n; ∑ i, y i = m")
    assert short == statement("∀ {n : ℕ} (x : Vec n), ∑ i, softmaxVec x i = n")


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("∀ x : Vec n, x = x", 11, "unknown name `n`", "bind it"),
        ("∀ x, x = x", 3, "`x` has no type", "(x : Vec n)"),
        ("∀ x.y : ℝ, 1 = 1", 3, "`x.y` cannot be bound", "dots"),
        ("∀ x : ℝ, x", 10, "`x` has type ℝ, but Prop is needed here", ""),
        ("∀ (h : 1 = 1), h = h", 16, "`h` is a hypothesis", "Lean"),
        ("∀ p : Prop, p", 7, "a variable of type Prop is outside", ""),
        ("∀ {n : ℕ} (x : Vec n), sofmaxVec x = x", 24, "unknown name `sofmaxVec`", "softmaxVec"),
        ("∀ x : ℝ, exp x = x", 10, "unknown name `exp`", "did you mean 'Real.exp'?"),
        ("∀ n : ℕ, Vec n = Vec n", 10, "a type where a term is expected", ""),
        ("∀ n : ℕ, Vec = Vec", 10, "a type where a term is expected", ""),
        ("1 = 1 → let p := 1 = 1; 1 = 1", 20, "let names a value", ""),
    ],
)
def test_errors_name_the_place(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        elaborate(parse(text, file="a.yaml", line=3), SCOPE)
    assert str(caught.value.place) == f"a.yaml:3:{column}"
    assert caught.value.source == text
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_an_expansion_that_explodes_is_refused() -> None:
    lets = "".join(f"let a{k + 1} := a{k} + a{k}; " for k in range(40))
    with pytest.raises(InputError, match="expands to more than"):
        statement(f"∀ a0 : ℝ, {lets}a40 = 0")
    doubled = "double (" * 40 + "x" + ")" * 40
    with pytest.raises(InputError, match="expands to more than"):
        statement(f"∀ {{n : ℕ}} (x : Vec n), let double := fun v : Vec n => v + v; {doubled} = x")


def test_a_long_chain_of_lets_is_refused_not_a_crash() -> None:
    lets = "".join(f"let a{k + 1} := Real.exp (Real.exp a{k}); " for k in range(90))
    with pytest.raises(InputError, match="nested"):
        statement(f"∀ a0 : ℝ, {lets}a90 = 0")


NAMES = st.sampled_from(["a", "b", "x", "i", "δ", "n", "sumExp", "x₁", "ℝ'"])


@settings(max_examples=30)
@given(st.lists(NAMES, min_size=5, max_size=5, unique=True))
def test_bound_names_do_not_count(names: list[str]) -> None:
    def text(n: str, x: str, y: str, i: str, j: str) -> str:
        sums = f"∑ {i} : Fin {n}, {x} {i} = dotCLM {x} {y} * ∑ {j}, {y} {j}"
        return f"∀ {{{n} : ℕ}} ({x} {y} : Vec {n}), {sums}"

    plain = Scope({name: SCOPE.signatures[name] for name in ("dotCLM",)})
    renamed = elaborate(parse(text(*names)), plain)
    assert same_proposition(renamed, elaborate(parse(text("m", "p", "q", "k", "l")), plain))


def test_functions_of_the_index_are_tabulated() -> None:
    term = statement("∀ {n : ℕ} (x : Vec n), softmaxVecOfFun (fun i => x i + 1) = x")
    assert isinstance(term.body, Relation)
    assert isinstance(term.body.left, Call)
    (argument,) = term.body.left.arguments
    assert isinstance(argument, Tabulate)
    assert argument.type == FunType(FIN, REAL)
