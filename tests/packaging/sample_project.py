"""A small project that keeps every house rule: what the rules' red cases break, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CLEAN: Mapping[str, str] = {
    "harness/__init__.py": "",
    "harness/errors.py": '"""Errors."""\n',
    "harness/cli.py": (
        '"""Commands."""\n'
        "def main(words: list[str]) -> int:\n"
        '    """Run."""\n'
        "    from harness.report import table\n"
        "    print(table.text())\n"
        "    return 0\n"
    ),
    "harness/report/table.py": (
        '"""A table."""\n'
        "from harness.errors import InputError\n"
        "from harness.conformance import verdict\n"
        "@overload\n"
        "def text() -> str: ...\n"
        "def text() -> str:\n"
        '    """One line for each verdict."""\n'
        "    return str(verdict.Verdict(InputError))\n"
    ),
    "harness/conformance/verdict.py": (
        '"""A verdict."""\n'
        "from dataclasses import dataclass\n"
        "@dataclass(frozen=True)\n"
        "class Verdict:\n"
        '    """What a check found."""\n'
        "    cause: object\n"
        "    def __str__(self) -> str:\n"
        "        return str(self.cause)\n"
    ),
    "harness/implementations/numpy_softmax.py": '"""Softmax."""\nimport numpy as np\n',
    "docs/guide.md": "See https://example.org/work/home/tmp and `src/work/x`, and/work too.\n",
}


def write(root: Path, texts: Mapping[str, str]) -> None:
    """Write each text to its path below root, with the folders that it needs."""
    for name, text in texts.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
