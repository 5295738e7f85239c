"""The walk under attack: random trees, random inputs, programs, and balls as the judge.

A program's result is compared with a longdouble evaluation first; what is not clearly inside the
bound goes to ball arithmetic, which decides. A sample of what is inside goes there too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.balls import precision
from harness.evaluate.formats import FORMATS, Format, round_to
from harness.evaluate.oracle import bound, exact_row
from harness.evaluate.value import Carrier
from harness.statement.traverse import subterms
from tests.evaluate.programs import FORMATS_OF, ORDERS, Machine, Program, nearly_exact
from tests.evaluate.trees import Tree

Array = NDArray[Any]
CLEARLY = 0.97
"""Below this share of the bound the longdouble evaluation decides: its own error is under 1 %."""


@dataclass(frozen=True)
class Target:
    """What is promised (arithmetic, dtype), and the carrier of the walk (None: its choice).

    obeyed: what the programs do, if it is not what is promised.
    """

    name: str
    arithmetic: Arithmetic
    dtype: str
    carrier: Carrier | None = None
    obeyed: Arithmetic | None = None


@dataclass(frozen=True)
class Counterexample:
    """A result outside of its bound, decided by balls."""

    tree: Tree
    target: Target
    machine: Machine
    arguments: tuple[Array, ...]
    place: tuple[int, ...]
    got: float
    allowed: float

    def __str__(self) -> str:
        numbers = [[float(v).hex() for v in np.ravel(a)] for a in self.arguments]
        return (
            f"{self.target.name}, n = {self.tree.n}, {self.machine}: {self.got.hex()} at "
            f"{self.place} exceeds {self.allowed.hex()}\n{self.tree.definition.body}\n{numbers}\n"
            f"{[d for k, d in self.tree.equations.items() if k != 'main']}"
        )


@dataclass
class Score:
    """Totals of a run. judged, exact: results with a finite bound, with bound 0; balls: decided by
    balls; worst: the greatest share of a bound that was used, by target; kinds: nodes met."""

    trees: int = 0
    inputs: int = 0
    out_of_range: int = 0
    unbounded: int = 0
    judged: int = 0
    exact: int = 0
    balls: int = 0
    worst: dict[str, float] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    found: list[Counterexample] = field(default_factory=list)


def inputs(
    tree: Tree, output: Format, spread: Format, rows: int, random: np.random.Generator
) -> tuple[Array, ...]:
    """Arguments for PARAMETERS: numbers of the format `output` in float64, as large and small as
    those of `spread`; every row of another kind."""
    n = tree.n
    shapes: tuple[tuple[int, ...], ...] = ((), (n,), (n,), (n + 1,), (n,), (n, n))
    drawn = (_numbers((rows, *shape), spread, random) for shape in shapes)
    return tuple(np.clip(round_to(a, output), -spread.largest, spread.largest) for a in drawn)


def _numbers(shape: tuple[int, ...], fmt: Format, random: np.random.Generator) -> Array:
    """Each row of one kind, or (one row in four) each number."""
    narrow = (-1,) + (1,) * (len(shape) - 1)
    by_row = random.integers(0, 12, shape[0]).reshape(narrow)
    mixed = (random.random(shape[0]) < 0.25).reshape(narrow)
    kind = np.where(mixed, random.integers(0, 12, shape), by_row)
    sign = random.choice([-1.0, 1.0], shape)
    normal = random.standard_normal(shape)
    span = random.uniform(fmt.emin - fmt.p, fmt.emax, shape)
    kinds: Mapping[int, Array] = {
        0: random.integers(-4, 5, shape).astype(float),
        1: sign * 2.0 ** random.integers(-9, 10, shape),
        2: random.choice(normal.flat[:2] if normal.size > 1 else [0.5], shape),
        3: sign * 0.0,
        4: sign * random.integers(0, 9, shape) * fmt.eta,
        5: sign * fmt.largest * random.choice([1.0, 0.5, 0.26, 1 - fmt.u], shape),
        6: normal,
        7: sign * np.exp2(span) * random.uniform(1, 2, shape),
        8: sign * np.exp2(span / 8),
        9: normal * 20 - 10,
        10: sign * (1 + random.integers(-4, 5, shape) * 2 * fmt.u),
        11: sign * (fmt.smallest_normal + random.integers(-9, 9, shape) * fmt.eta),
    }
    return np.choose(kind, [kinds[k] for k in range(12)])


def machines(target: Target, random: np.random.Generator) -> Iterator[Machine]:
    """Programs that obey the arithmetic: a plain one, a hostile one, a drawn one.

    The drawn one may be better than promised: all in float64, rounded once at the end.
    """
    rounding = (target.obeyed or target.arithmetic).for_dtype(target.dtype)
    fmt = rounding.working
    plain = Machine(
        FORMATS_OF[fmt.name] or np.float32,
        fmt,
        random,
        accumulator=rounding.accumulator if rounding.accumulator != fmt else None,
        flush=rounding.flush_to_zero,
        exp2=rounding.exp_argument_roundings > 0,
    )
    yield plain
    off = rounding.exp_ulp
    yield replace(plain, order="pairwise", exp_off=off, reciprocal=True, exp2=False)
    fused = fmt.p <= 24 and not plain.flush and not plain.accumulator
    if fused and random.random() < 0.3:
        yield Machine(np.float64, FORMATS["float64"], random)
        return
    yield replace(
        plain,
        order=ORDERS[random.integers(len(ORDERS))],
        exp_off=random.choice([0.0, off]),
        reciprocal=bool(random.integers(2)),
        fused=fused and bool(random.integers(2)),
    )


def attack(tree: Tree, target: Target, rows: int, seed: int, score: Score) -> None:
    """One tree, `rows` inputs, three programs; results go into the score."""
    random = np.random.default_rng(seed)
    output, working = FORMATS[target.dtype], target.arithmetic.for_dtype(target.dtype).working
    # Where programs compute in a narrower format, most inputs of the wider one are beyond it.
    spread = working if working.emax < output.emax and random.random() < 0.8 else output
    arguments = inputs(tree, output, spread, rows, random)
    given = bound(
        tree.definition,
        tree.equations,
        arguments,
        target.arithmetic,
        target.dtype,
        carrier=target.carrier,
    )
    score.trees += 1
    score.inputs += rows
    score.out_of_range += int(given.out_of_range.sum())
    for definition in tree.equations.values():
        score.kinds.update(_kind(term) for term in subterms(definition.body))
    with np.errstate(all="ignore"):
        want = _results(tree, nearly_exact(), arguments, output)
        for machine in machines(target, random):
            got = _results(tree, machine, arguments, output)
            _judge(tree, target, machine, arguments, given, want, got, random, score)


def _kind(term: Any) -> str:
    return f"{type(term).__name__} {getattr(term, 'op', '')}".strip()


def _results(tree: Tree, machine: Machine, arguments: tuple[Array, ...], output: Format) -> Array:
    rows = len(arguments[0])
    program = Program(machine, tree.equations, rows)
    values: list[Any] = []
    for argument in arguments:
        entered = argument.astype(machine.dtype)
        if machine.dtype != np.longdouble:
            entered = machine.rounded(entered if entered.dtype != np.float16 else argument)
        values.append(_lists(entered))
    result = program.run(tree.definition, values, {"n": tree.n})
    stacked = np.stack(result, axis=-1) if isinstance(result, list) and result else result
    if isinstance(stacked, list):
        return np.zeros((rows, 0))
    if machine.dtype == np.longdouble:
        return stacked
    return round_to(np.asarray(stacked).astype(np.float64), output)


def _lists(array: Array) -> Any:
    if array.ndim == 1:
        return array
    return [_lists(array[:, k]) for k in range(array.shape[1])]


def _judge(
    tree: Tree,
    target: Target,
    machine: Machine,
    arguments: tuple[Array, ...],
    given: Any,
    want: Array,
    got: Array,
    random: np.random.Generator,
    score: Score,
) -> None:
    allowed = np.broadcast_to(given.error, got.shape)
    inside = ~given.out_of_range.reshape(-1, *(1,) * (got.ndim - 1))
    judged = inside & np.isfinite(allowed)
    score.unbounded += int((inside & ~np.isfinite(allowed)).sum())
    score.judged += int(judged.sum())
    score.exact += int((judged & (allowed == 0)).sum())
    error = abs(got - want)
    clear = (error <= CLEARLY * allowed) & ((error > 0) | (allowed > 0) | (got == want))
    suspects = np.argwhere(judged & ~clear)
    sample = np.argwhere(judged & clear)
    if len(sample) and random.random() < 0.05:
        suspects = np.concatenate([suspects, sample[random.integers(len(sample))][None]])
    share = np.where(judged & (allowed > 0), error / allowed, 0)
    if share.size and np.isfinite(share.max()):
        score.worst[target.name] = max(score.worst.get(target.name, 0.0), float(share.max()))
    by_row: dict[int, list[tuple[int, ...]]] = {}
    for row, *rest in suspects.tolist():
        by_row.setdefault(row, []).append(tuple(rest))
    for row, places in by_row.items():
        exact = exact_row(tree.definition, tree.equations, arguments, row, bits=320)
        for place in places:
            score.balls += 1
            where = (row, *place)
            if _outside(exact, place, float(got[where]), allowed[where]):
                one = tuple(a[row : row + 1] for a in arguments)
                found = Counterexample(
                    tree, target, machine, one, place, float(got[where]), float(allowed[where])
                )
                score.found.append(found)


def _outside(exact: Any, place: tuple[int, ...], got: float, allowed: np.floating) -> bool:
    from flint import arb, fmpq

    for k in place:
        exact = exact[k]
    if not np.isfinite(got):
        return True
    with precision(320):
        if not exact.is_finite():
            return True  # judged, and no real number at all
        limit = fmpq(*(int(part) for part in allowed.as_integer_ratio()))
        return bool(abs(arb(got) - exact) > arb(limit))
