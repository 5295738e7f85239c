"""The lifts of an adapter as lines of Python, for programs that show a violation without us."""

from __future__ import annotations

from harness.implementations.adapter import Adapter
from harness.implementations.arrays import ArrayKind

_TAKEN = {
    ("numpy", "torch"): "torch.from_numpy(np.array(a))",
    ("torch", "numpy"): "a.numpy()",
    ("numpy", "jax"): "jax.numpy.array(a)",
    ("torch", "jax"): "jax.numpy.array(a.numpy())",
    ("numpy", "tensorflow"): "tensorflow.constant(a)",
    ("torch", "tensorflow"): "tensorflow.constant(a.numpy())",
    ("numpy", "list"): "a.tolist()",
    ("torch", "list"): "a.tolist()",
}
_RETURNED = {
    "torch": "result.numpy()",
    "tensorflow": "result.numpy()",
    "numpy": "np.asarray(result)",
    "jax": "np.array(result)",
    "list": "np.array(result)",
}


def adapter_lines(name: str, called: str, adapter: Adapter, backend: ArrayKind) -> list[str]:
    """The definition of `name`, which lifts the function `called` to our convention."""
    kind = adapter.arrays or backend
    lines = [f"def {name}(*given):"]
    if adapter.rows:
        lines.append("    vectors = [a for a in given if not isinstance(a, int)]")
        lines.append("    batch = min((a.shape for a in vectors), key=len)[:-1]")
    if adapter.rows == "loop":
        stack = "torch.stack" if backend == "torch" else "np.stack"
        row = f"{name}(*(a if isinstance(a, int) else a[k] for a in given))"
        lines.append("    if batch:")
        lines.append(f"        return {stack}([{row} for k in range(batch[0])])")
    if adapter.rows == "flat":
        flat = "a.reshape(-1, *a.shape[len(batch):])"
        lines.append(f"    given = [a if isinstance(a, int) else {flat} for a in given]")
    first = adapter.axis is not None and adapter.axis.along == "first"
    move = "torch.movedim" if backend == "torch" else "np.moveaxis"
    if first:
        lines.append(f"    given = [a if isinstance(a, int) else {move}(a, -1, 0) for a in given]")
    passed = "given"
    if kind != backend:
        passed = "passed"
        lines.append(
            f"    passed = [a if isinstance(a, int) else {_TAKEN[backend, kind]} for a in given]"
        )
    lines.append(f"    result = {called}({_arguments(adapter, passed)}){_picked(adapter)}")
    if kind != backend:
        made = _RETURNED[kind]
        lines.append(f"    result = {f'torch.from_numpy({made})' if backend == 'torch' else made}")
    if first:
        lines.append("    if result.ndim == max(a.ndim for a in given if not isinstance(a, int)):")
        lines.append(f"        result = {move}(result, 0, -1)")
    if adapter.rows == "flat":
        lines.append("    result = result.reshape(*batch, *result.shape[1:])")
    return [*lines, "    return result"]


def needed_imports(adapter: Adapter, backend: ArrayKind) -> list[str]:
    """Imports that those lines need, beside numpy and the library of the entry's arrays."""
    match adapter.arrays:
        case None | "numpy" | "list":
            return []
        case "jax":
            return [
                "import jax",
                'jax.config.update("jax_enable_x64", True)  # else there is no float64',
            ]
        case kind:
            return [] if kind == backend else [f"import {kind}"]


def _arguments(adapter: Adapter, passed: str) -> str:
    keywords = [f"{key}={value!r}" for key, value in adapter.keywords.items()]
    positional: list[str] = []
    if adapter.names:
        keywords += [f"{name}={passed}[{k}]" for k, name in enumerate(adapter.names)]
    else:
        positional = [f"{passed}[{k}]" for k in adapter.order] or [f"*{passed}"]
    axis = adapter.axis
    if axis is not None:
        value = {"last": "-1", "last_positive": f"{passed}[0].ndim - 1", "first": "0"}[axis.along]
        if axis.keyword:
            keywords.append(f"{axis.keyword}={value}")
        elif axis.position is not None:
            if not adapter.order and axis.position:
                positional = [f"*{passed}[:{axis.position}]", value, f"*{passed}[{axis.position}:]"]
            else:
                positional.insert(axis.position, value)
    return ", ".join([*positional, *keywords])


def _picked(adapter: Adapter) -> str:
    where = adapter.returns
    if where is None:
        return ""
    item = "" if where.item is None else f"[{where.item!r}]"
    return item + (f".{where.attribute}" if where.attribute else "")
