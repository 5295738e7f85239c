"""Random definitions as kernels, side by side with the walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.compare import Comparison, compare
from harness.evaluate.fast.judged import Judged
from harness.evaluate.fast.llvm.kernel import Kernel, compile_definition
from harness.evaluate.formats import FORMATS, round_to
from harness.evaluate.oracle import bound, reference
from tests.evaluate.attack import inputs
from tests.evaluate.trees import Tree


@dataclass(frozen=True)
class Both:
    """One chunk judged twice. arguments, got: in float64; doubt: (rows,) the error of the walk's
    own value, as a share of its bound."""

    kernel: Kernel
    judged: Judged
    walked: Comparison
    arguments: tuple[NDArray[Any], ...]
    got: NDArray[Any]
    doubt: NDArray[Any]


def both(
    tree: Tree,
    arithmetic: Arithmetic,
    dtype: str,
    rows: int,
    seed: int,
    *,
    wrong: float = 0.0,
    make: Callable[..., Any] = compile_definition,
) -> Both:
    """A tree at random inputs, with results that lie about the edge of the bound.

    NotCompiled where the tree has no kernel. make: gives the kernel of a definition. wrong: share
    of the results that are off by far more.
    """
    random = np.random.default_rng(seed)
    fmt = FORMATS[dtype]
    working = arithmetic.for_dtype(dtype).working
    name = tree.definition.constant
    kernel = make([tree.equations], tree.equations, name, arithmetic, dtype)
    arguments = inputs(tree, fmt, working if working.emax < fmt.emax else fmt, rows, random)
    allowed = bound(tree.definition, tree.equations, arguments, arithmetic, dtype)
    want = reference(tree.definition, tree.equations, arguments, dtype)
    shape = np.broadcast_shapes(want.value.shape, allowed.error.shape)
    with np.errstate(all="ignore"):
        reach = np.where(np.isfinite(allowed.error), allowed.error, 0)
        far = random.choice([0.0, 0.3, 0.99, 1.0, 1.01], shape) * random.choice([-1, 1], shape)
        far = np.where(random.random(shape) < wrong, 1e3 * far, far)
        got = round_to((want.value + far * reach).astype(np.float64), fmt)
        shares = np.where(want.error > 0, want.error / allowed.error, 0) + np.zeros(shape)
    doubt = shares.reshape(rows, -1).max(axis=1, initial=0).astype(np.float64)
    walked = compare(got, want, allowed, fmt)
    return Both(kernel, kernel(arguments, got), walked, arguments, got, doubt)
