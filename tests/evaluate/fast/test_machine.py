"""Compiling, keeping object code, and machines without a compiler."""

from __future__ import annotations

import sys

import pytest

from harness.errors import AbsentError
from harness.evaluate.fast.llvm import machine
from harness.evaluate.fast.llvm.emit import SIGNATURE

NOTHING = f"define void @kernel({SIGNATURE}) {{\n  ret void\n}}\n"


class Shelf:
    """A store that counts."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.found = 0

    def get(self, key: str) -> bytes | None:
        self.found += key in self.kept
        return self.kept.get(key)

    def put(self, key: str, content: bytes) -> None:
        self.kept[key] = content


def test_object_code_is_kept_by_text() -> None:
    shelf = Shelf()
    for text in (NOTHING, NOTHING, f"; another\n{NOTHING}"):
        kernel = machine.compiled(text, shelf)
        kernel(*[None] * 4, 0, *[None] * 6)
        assert kernel.text == text
    assert (len(shelf.kept), shelf.found) == (2, 1)


def test_assembly_can_be_read() -> None:
    assert "kernel" in machine.assembly(NOTHING)


def test_without_llvmlite(monkeypatch: pytest.MonkeyPatch) -> None:
    machine._machine.cache_clear()
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    try:
        assert not machine.available()
        with pytest.raises(AbsentError, match="kernels need llvmlite"):
            machine.compiled(NOTHING)
    finally:
        machine._machine.cache_clear()
    monkeypatch.undo()
    assert machine.available()
