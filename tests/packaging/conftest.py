"""Fixtures of the packaging tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.sample_project import CLEAN, write


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A fresh small project that keeps every house rule."""
    write(tmp_path, CLEAN)
    return tmp_path
