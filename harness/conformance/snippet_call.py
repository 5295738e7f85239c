"""How the program of a snippet calls a function, and what it asserts of what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from harness.cells.views import layouts_of
from harness.conformance.given import axes_of
from harness.conformance.question import Question
from harness.conformance.snippet_term import identifier
from harness.conformance.snippet_text import MOST_ARRAYS, makers
from harness.conformance.verdict import Violation
from harness.statement.types import FinType

WIDE: Mapping[str, str] = MappingProxyType(
    {"float64": "np.longdouble", "float32": "", "bfloat16": "", "float16": ""}
)
"""What the sides of a statement are computed in, where that is not float64."""

_BITS = {
    "numpy": "(a if a.base is None else a.base).tobytes()",
    "torch": (
        "a.as_strided((a.untyped_storage().nbytes() // a.element_size(),), (1,), 0)"
        ".view(torch.uint8).tolist()"
    ),
}
_ARRAYS = {"numpy": "np.ndarray | np.floating", "torch": "torch.Tensor"}


def call_lines(
    question: Question, violation: Violation, batch: tuple[int, ...], view: str
) -> list[str]:
    """`call`, which makes arrays of its arguments and returns numbers; batch, view: of the call
    judged.

    Where no value is to be judged it asserts what was violated.
    """
    backend = next(iter(question.callees().values())).backend.name
    kind = violation.kind if violation.bound is None else ""
    looks = list(_looks(question, violation, kind, batch, backend))
    changed = kind == "mutated" and "subnormal" not in violation.message
    wide = (question.claim is not None and WIDE[question.subject.dtype]) or "np.float64"
    lines = [
        "def call(function, *arguments):",
        *_passed(view),
        "    arrays = [a for a in passed if not isinstance(a, int)]" if looks else "",
        f"    before = [{_BITS[backend]} for a in arrays]" if changed else "",
        "    result = function(*passed)",
        *looks,
    ]
    if backend == "torch":
        lines.append("    result = torch.as_tensor(result).detach().cpu().double().numpy()")
    return [*filter(None, lines), f"    return np.asarray(result, dtype={wide})"]


def _passed(view: str) -> list[str]:
    """The arguments as they are passed; each array in its layout."""
    known = makers(view)
    if len(known) == 1:
        return ["    passed = [a if isinstance(a, int) else array(a) for a in arguments]"]
    names = ", ".join(known[layout] for layout in layouts_of(view, MOST_ARRAYS))
    return [
        f"    makers = iter([{names}])",
        "    passed = [a if isinstance(a, int) else next(makers)(a) for a in arguments]",
    ]


def _looks(
    question: Question, violation: Violation, kind: str, batch: tuple[int, ...], backend: str
) -> Iterator[str]:
    """Assertions, in lines."""
    name = identifier(violation.constant)
    known = violation.constant in question.constants
    match kind:
        case "dtype":
            test, said = "result.dtype == arrays[0].dtype", "{result.dtype}, not {arrays[0].dtype}"
        case "type":
            test, said = f"isinstance(result, {_ARRAYS[backend]})", "{type(result).__name__}"
        case "shape" if known:
            yield f"    shape = {_shape(question, violation.constant, batch)}"
            test, said = "tuple(result.shape) == shape", "shape {tuple(result.shape)}, not {shape}"
        case "nan":
            finite = "np.isfinite" if backend == "numpy" else "torch.isfinite"
            test, said = f"{finite}(result).all()", "{result}"
        case "mutated" if "subnormal" in violation.message:
            yield '    smallest = fh("0x1p-1022")'
            yield '    assert smallest * 0.5 > 0, "violates: subnormal numbers are now flushed"'
            return
        case "mutated":
            test = f"[{_BITS[backend]} for a in arrays] == before"
            yield f'    assert {test}, "violates: an argument was changed"'
            return
        case _:
            return
    guard = f"function is not {name} or " if known and len(question.constants) > 1 else ""
    yield f'    assert {guard}{test}, f"violates: {name} returned {said}"'


def _shape(question: Question, constant: str, batch: tuple[int, ...]) -> str:
    """The shape that a result must have, by the arguments of the call."""
    definition = question.bench.own[constant]
    parts = [str(n) for n in batch]
    if definition.index is not None:
        assert isinstance(definition.index.type, FinType)
        length = definition.index.type.length
        parts.append(
            next(
                f"passed[{place}].shape[{axis - len(axes)}]"
                for place, param in enumerate(definition.params)
                if not isinstance(param.type, FinType)
                for axes in [axes_of(param.type)]
                for axis, own in enumerate(axes)
                if own == length
            )
        )
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
