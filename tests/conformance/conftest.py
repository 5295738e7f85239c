"""What the tests of checks share: the project's specs, and a judge whose inputs are made once."""

from __future__ import annotations

import pytest

from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.conformance.judging import Judge
from tests.conformance.unseen import library_with, twins


@pytest.fixture(scope="session")
def library() -> SpecLibrary:
    """The project's own specs."""
    return load_specs(find_specs(None).path)


@pytest.fixture(scope="session")
def judge(library: SpecLibrary) -> Judge:
    """Checks of single functions and statements, at quick effort and seed 1."""
    return Judge(library)


@pytest.fixture(scope="session")
def unseen(tmp_path_factory: pytest.TempPathFactory) -> SpecLibrary:
    """Definitions of the project, and statements that no spec of it makes."""
    return library_with(tmp_path_factory.mktemp("unseen"), twins())
