"""Where the specs are: the option, then the repository, then the copy inside the package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.errors import InputError

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class SpecsFolder:
    """A folder of specs and, for headers, why it was taken: `--specs`, `repository`, `package`."""

    path: Path
    origin: str


def find_specs(option: Path | None, package: Path = _PACKAGE) -> SpecsFolder:
    """The folder that `--specs` names, else the specs that came with this installation.

    package: the folder of the installed package. A `specs/` in the current folder is never taken
    by itself. InputError when there is no such folder.
    """
    if option is not None:
        if not option.is_dir():
            raise InputError(f"--specs {option} is not a folder", hint="give a folder of specs")
        return SpecsFolder(option, "--specs")
    repository = package.parent
    # A package installed from a wheel has site-packages above it, where anything may lie.
    if (repository / "pyproject.toml").is_file() and (repository / "specs").is_dir():
        return SpecsFolder(repository / "specs", "repository")
    packaged = package / "_data" / "specs"
    if packaged.is_dir():
        return SpecsFolder(packaged, "package")
    raise InputError("no specs came with this installation", hint="give a folder with --specs")
