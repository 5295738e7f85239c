"""The text of a function in LLVM's language, as it grows."""

from __future__ import annotations


class Code:
    """Lines of a function body. block: the label of the one that is being written; declared: the
    intrinsics that it calls."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.block = "entry"
        self.declared: set[str] = set()
        self._count = 0

    def name(self, stem: str = "v") -> str:
        """A name that is not in use."""
        self._count += 1
        return f"{stem}{self._count}"

    def put(self, instruction: str, stem: str = "v") -> str:
        """An instruction with a result; returns the result's name."""
        name = f"%{self.name(stem)}"
        self.lines.append(f"  {name} = {instruction}")
        return name

    def do(self, instruction: str) -> None:
        """An instruction without a result."""
        self.lines.append(f"  {instruction}")

    def start(self, label: str) -> None:
        """A new block."""
        self.lines.append(f"{label}:")
        self.block = label

    def say(self, text: str) -> None:
        """A comment."""
        self.lines.append(f"  ; {text}")

    def call(self, name: str, result: str, *arguments: tuple[str, str]) -> str:
        """A call of an intrinsic: (type, operand) pairs."""
        types = ", ".join(one for one, _ in arguments)
        self.declared.add(f"declare {result} @{name}({types})")
        given = ", ".join(f"{one} {operand}" for one, operand in arguments)
        return self.put(f"call {result} @{name}({given})")
