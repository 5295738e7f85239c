"""LLVM text to a function that can be called, by llvmlite (the optional extra `fast`).

The object code of a kernel may be kept between runs: the caller hands in a `Store`.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from harness.errors import AbsentError

ARGUMENTS = 11


class Store(Protocol):
    """Keeps bytes by key between runs; may forget."""

    def get(self, key: str) -> bytes | None:
        """What was kept."""

    def put(self, key: str, content: bytes) -> None:
        """Keep it, or not."""


@dataclass(frozen=True)
class Compiled:
    """A function that stays loaded as long as this object lives. text: its source."""

    text: str
    _function: Callable[..., None]
    _engine: Any

    def __call__(self, *arguments: Any) -> None:
        """Call it: addresses and integers, as `emit.py` lists them."""
        self._function(*arguments)


def available() -> bool:
    """Whether kernels can be compiled here."""
    try:
        import llvmlite.binding  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def compiled(text: str, store: Store | None = None) -> Compiled:
    """The function `kernel` of a module. AbsentError where llvmlite is not installed."""
    machine, binding = _machine()
    key = _key(text, binding)
    content = store.get(key) if store else None
    if content is None:
        content = _object(text, machine, binding)
        if store:
            store.put(key, content)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), _machine_again(binding))
    engine.add_object_file(binding.ObjectFileRef.from_data(content))
    engine.finalize_object()
    address = engine.get_function_address("kernel")
    pointer, whole = ctypes.c_void_p, ctypes.c_int64
    signature = ctypes.CFUNCTYPE(
        None, pointer, pointer, pointer, pointer, whole, *(pointer,) * (ARGUMENTS - 5)
    )
    return Compiled(text, signature(address), engine)


def assembly(text: str) -> str:
    """The machine instructions of a module, to read."""
    machine, binding = _machine()
    return str(machine.emit_assembly(_optimised(text, machine, binding)))


def _object(text: str, machine: Any, binding: Any) -> bytes:
    return bytes(machine.emit_object(_optimised(text, machine, binding)))


def _optimised(text: str, machine: Any, binding: Any) -> Any:
    module = binding.parse_assembly(text)
    module.verify()
    options = binding.create_pipeline_tuning_options(speed_level=2)
    builder = binding.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return module


@cache
def _machine() -> tuple[Any, Any]:
    try:
        from llvmlite import binding
    except (ImportError, OSError):
        raise AbsentError(
            "kernels need llvmlite", hint="pip install 'lean-crosscheck[fast]'"
        ) from None
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return _machine_again(binding), binding


def _machine_again(binding: Any) -> Any:
    target = binding.Target.from_default_triple()
    return target.create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
    )


def _key(text: str, binding: Any) -> str:
    parts = (
        text,
        binding.get_default_triple(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
        str(binding.llvm_version_info),
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
