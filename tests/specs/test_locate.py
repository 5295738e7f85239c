"""Which folder of specs is taken, and that the current folder is not."""

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.specs.locate import SpecsFolder, find_specs


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "site" / "harness"
    folder.mkdir(parents=True)
    return folder


def test_the_option_comes_first(tmp_path: Path) -> None:
    assert find_specs(tmp_path) == SpecsFolder(tmp_path, "--specs")


def test_an_option_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--specs .*none is not a folder"):
        find_specs(tmp_path / "none")


def test_the_repository_comes_before_the_packaged_copy(package: Path) -> None:
    (package / "_data" / "specs").mkdir(parents=True)
    (package.parent / "specs").mkdir()
    assert find_specs(None, package) == SpecsFolder(package / "_data" / "specs", "package")
    (package.parent / "pyproject.toml").write_text("")
    assert find_specs(None, package) == SpecsFolder(package.parent / "specs", "repository")


def test_the_current_folder_is_never_taken(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no specs came with"):
        find_specs(None, package)


def test_this_installation_has_specs() -> None:
    assert list(find_specs(None).path.rglob("softmaxVec.yaml"))
