"""What the tests of checks share: the project's specs, and a judge whose inputs are made once."""

from __future__ import annotations

import pytest

from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.conformance.judging import Judge


@pytest.fixture(scope="session")
def library() -> SpecLibrary:
    """The project's own specs."""
    return load_specs(find_specs(None).path)


@pytest.fixture(scope="session")
def judge(library: SpecLibrary) -> Judge:
    """Checks of single functions and statements, at quick effort and seed 1."""
    return Judge(library)
