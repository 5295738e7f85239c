"""Facts about this machine: versions, CPU features, flags of torch that change arithmetic."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import warnings
from typing import Any

from harness.report.document import MachineRecord

LIBRARIES = {"numpy": "numpy", "torch": "torch", "python-flint": "flint"}
"""Distribution -> module, of what the verdicts depend on."""


def own_version() -> str:
    """The version of this tool, as installed."""
    try:
        return importlib.metadata.version("lean-crosscheck")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"  # run from a folder of source that was never installed


def machine(*, uses_torch: bool = True) -> MachineRecord:
    """The facts. uses_torch: whether torch matters; it takes seconds to import."""
    loaded = {name: imported(module) for name, module in LIBRARIES.items() if name != "torch"}
    if uses_torch:
        loaded["torch"] = imported("torch")
    numpy, torch = loaded["numpy"], loaded.get("torch")
    versions = {
        name: "" if loaded.get(name, name) is None else _version(name) for name in LIBRARIES
    }
    return MachineRecord(
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        cpus=available_cpus(),
        libraries={name: version for name, version in versions.items() if version},
        absent=[name for name, version in versions.items() if not version],
        cpu_features=_cpu_features(numpy) if numpy else [],
        numpy_dispatch=_numpy_dispatch(numpy) if numpy else [],
        torch_cpu=str(torch.backends.cpu.get_cpu_capability()) if torch else "",
        torch=_torch_flags(torch) if torch else {},
        longdouble_bits=int(numpy.finfo(numpy.longdouble).nmant) + 1 if numpy else 0,
        cuda=cuda_devices(torch) if torch else [],
    )


def available_cpus() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def imported(module: str) -> Any:
    """The module, or None when it is not installed or does not load."""
    try:
        return importlib.import_module(module)
    except (ImportError, OSError):  # OSError: a shared library of torch is missing
        return None


def _version(distribution: str) -> str:
    """The version of what is installed, with its local part (`2.13.0+cpu`); empty when absent."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def cuda_devices(torch: Any) -> list[str]:
    """The names of the CUDA devices that torch can use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of drivers that are too old, and says no
        if not torch.cuda.is_available():
            return []
        return [str(torch.cuda.get_device_name(i)) for i in range(torch.cuda.device_count())]


def _cpu_features(numpy: Any) -> list[str]:
    found: dict[str, bool] = numpy._core._multiarray_umath.__cpu_features__
    return [name for name, present in found.items() if present]


def _numpy_dispatch(numpy: Any) -> list[str]:
    """The instruction sets that numpy's loops were compiled for and that this CPU has."""
    internals = numpy._core._multiarray_umath
    compiled = [*internals.__cpu_baseline__, *internals.__cpu_dispatch__]
    return [name for name in compiled if internals.__cpu_features__.get(name)]


def _torch_flags(torch: Any) -> dict[str, str]:
    subnormal = torch.tensor([2.0**-1074], dtype=torch.float64)
    flushes = not bool((subnormal * 1.0 != 0).item())
    flags = {
        "threads": str(torch.get_num_threads()),
        "flush_denormal": _on(flushes),
        "float32_matmul_precision": str(torch.get_float32_matmul_precision()),
        "deterministic": _on(torch.are_deterministic_algorithms_enabled()),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # renamed in newer versions of torch
        flags["cuda.matmul.allow_tf32"] = _on(torch.backends.cuda.matmul.allow_tf32)
        flags["cudnn.allow_tf32"] = _on(torch.backends.cudnn.allow_tf32)
    return flags


def _on(value: bool) -> str:
    return "on" if value else "off"
