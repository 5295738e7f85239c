"""What lifts a function of some library to our calling convention, declared in a few words.

The convention (docs/calling.md) is: explicit Lean arguments in Lean order, arrays (..., n) of the
entry's kind in and out. An adapter renames, reorders, loops, reshapes and converts; it never
computes: a step that rounds belongs into a function of its own, whose rounding is then judged.
What a lift keeps from being judged is said in `notes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

from harness.implementations.arrays import ArrayKind, Passed, array_kind, in_context

Along = Literal["last", "last_positive", "first"]
Rows = Literal["loop", "flat"]
ALONG: tuple[Along, ...] = ("last", "last_positive", "first")


@dataclass(frozen=True)
class Axis:
    """How a function is told along which axis to work.

    keyword, position: the argument that says it, by name or by place among the positional ones;
    neither where the function knows. along: passed -1, ndim - 1, or 0 with our last axis first.
    """

    keyword: str = ""
    position: int | None = None
    along: Along = "last"


@dataclass(frozen=True)
class Returns:
    """Where in what comes back the result is: an item of a tuple or mapping, an attribute."""

    item: int | str | None = None
    attribute: str = ""


@dataclass(frozen=True)
class Adapter:
    """The lifts of one function; as it is made, it does nothing.

    keywords: added to each call; axis: see there; rows: `loop` calls once for each vector, `flat`
    passes (rows, n) whatever the batch; order: the place in our arguments of each of its own;
    names: its arguments are passed by these names, in our order; returns: see there; arrays: the
    kind that it takes and returns, where that is not the entry's.
    """

    keywords: Mapping[str, object] = field(default_factory=dict)
    axis: Axis | None = None
    rows: Rows | None = None
    order: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    returns: Returns | None = None
    arrays: ArrayKind | None = None

    @property
    def plain(self) -> bool:
        """Whether there is nothing to do but to add keywords."""
        return not (
            self.axis or self.rows or self.order or self.names or self.returns or self.arrays
        )

    def notes(self, backend: ArrayKind) -> tuple[str, ...]:
        """What the lifts keep from being judged."""
        said: list[str] = []
        if self.arrays and self.arrays != backend:
            said += array_kind(self.arrays).notes
        if self.rows == "flat":
            said.append("a batch whose layout cannot be flattened in place is passed as a copy")
        if self.rows == "loop":
            said.append("called for one vector at a time: batches are not judged")
        return tuple(said)


PLAIN = Adapter()


def lift(
    function: Callable[..., Any], adapter: Adapter, backend: ArrayKind
) -> Callable[..., object]:
    """The function by our convention. backend: the kind of arrays of the entry.

    A call raises AbsentError for a dtype that the library lacks, WrongKind for a result that is
    no array of it, and whatever the function raises.
    """
    if adapter.plain and not adapter.keywords:
        return function
    return _Lifted(function, adapter, backend)


def prepared(function: Callable[..., object], arguments: Sequence[Any]) -> Callable[[], object]:
    """A call with all of these arguments, for a clock: conversions of arrays are made beforehand.

    Where an adapter loops, reshapes or turns axes, that is part of the call.
    """
    if not isinstance(function, _Lifted) or function.adapter.arrays in (None, function.backend):
        return lambda: function(*arguments)
    adapter = function.adapter
    assert adapter.arrays is not None
    mine, kind = array_kind(function.backend), array_kind(adapter.arrays)
    dtype = mine.dtype_of(arguments[0])
    with in_context(adapter.arrays, dtype):
        passed = [kind.taken(one, mine).given for one in arguments]

    def call() -> object:
        with in_context(kind.name, dtype):
            result = function._picked(function._called(passed))
            # jax returns before it has computed.
            wait = getattr(result, "block_until_ready", None)
            return wait() if wait else result

    return call


@dataclass(frozen=True)
class _Lifted:
    """A function and its lifts, called by our convention."""

    function: Callable[..., Any]
    adapter: Adapter
    backend: ArrayKind

    def __call__(self, *arguments: Any) -> object:
        if self.adapter.plain:
            return self.function(*arguments, **self.adapter.keywords)
        # The argument of the fewest axes is a vector: what it has beside its own is the batch.
        shapes = [tuple(a.shape) for a in arguments if not isinstance(a, int)]
        batch = min(shapes, key=len)[:-1]
        if self.adapter.rows == "flat":
            return self._flat(arguments, batch)
        if self.adapter.rows == "loop" and batch:
            return self._each(arguments, batch)
        return self._turned(arguments)

    def _each(self, arguments: Sequence[Any], batch: tuple[int, ...]) -> object:
        """One call for each vector; rows are views: a change of them is a change of ours."""
        from numpy import ndindex

        rows = [
            self._turned([a if isinstance(a, int) else a[place] for a in arguments])
            for place in ndindex(*batch)
        ]
        like = next(a for a in arguments if not isinstance(a, int))
        return array_kind(self.backend).stacked(rows, batch, like)

    def _flat(self, arguments: Sequence[Any], batch: tuple[int, ...]) -> object:
        kind = array_kind(self.backend)
        passed = [
            Passed(a, a)
            if isinstance(a, int)
            else kind.reshaped(a, (prod(batch), *a.shape[len(batch) :]))
            for a in arguments
        ]
        result: Any = self._turned([one.given for one in passed])
        kind.put_back(passed, kind)
        shape = tuple(getattr(result, "shape", ()))
        if shape[:1] != (prod(batch),):
            return result  # of a wrong shape, which is for the harness to say
        return kind.reshaped(result, (*batch, *shape[1:])).given

    def _turned(self, arguments: Sequence[Any]) -> object:
        """The axis in its place before and after the call."""
        if self.adapter.axis is None or self.adapter.axis.along != "first":
            return self._converted(arguments)
        kind = array_kind(self.backend)
        turned = [a if isinstance(a, int) else kind.moved(a, -1, 0) for a in arguments]
        result: Any = self._converted(turned)
        depth = max(len(a.shape) for a in arguments if not isinstance(a, int))
        keeps = len(getattr(result, "shape", ())) == depth
        return kind.moved(result, 0, -1) if keeps else result

    def _converted(self, arguments: Sequence[Any]) -> object:
        theirs = self.adapter.arrays
        if theirs is None or theirs == self.backend:
            return self._picked(self._called(arguments))
        mine, kind = array_kind(self.backend), array_kind(theirs)
        like = next(a for a in arguments if not isinstance(a, int))
        with in_context(theirs, mine.dtype_of(like)):
            passed = [
                Passed(a, a) if isinstance(a, int) else kind.taken(a, mine) for a in arguments
            ]
            result = self._picked(self._called([one.given for one in passed]))
            kind.put_back(passed, mine)
            return kind.returned(result, mine, like)

    def _called(self, arguments: Sequence[Any]) -> Any:
        adapter, keywords = self.adapter, dict(self.adapter.keywords)
        if adapter.names:
            keywords |= dict(zip(adapter.names, arguments, strict=True))
            positional: list[Any] = []
        else:
            positional = [arguments[k] for k in adapter.order or range(len(arguments))]
        axis = adapter.axis
        if axis is not None:
            first = next(a for a in arguments if not isinstance(a, int))
            last = len(first.shape) - 1 if hasattr(first, "shape") else 0
            value = {"last": -1, "last_positive": last, "first": 0}[axis.along]
            if axis.keyword:
                keywords[axis.keyword] = value
            elif axis.position is not None:
                positional.insert(axis.position, value)
        return self.function(*positional, **keywords)

    def _picked(self, result: Any) -> Any:
        where = self.adapter.returns
        if where is None:
            return result
        if where.item is not None:
            result = result[where.item]
        return getattr(result, where.attribute) if where.attribute else result
