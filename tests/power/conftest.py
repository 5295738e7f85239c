"""The library of specs, read once."""

from __future__ import annotations

import pytest

from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs


@pytest.fixture(scope="session")
def library() -> SpecLibrary:
    return load_specs(find_specs(None).path)
