"""The library: all specs of a folder, elaborated, and what the judges look up in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import InputError, Place, did_you_mean
from harness.specs.forms import Rewrite
from harness.specs.model import Spec
from harness.specs.yaml_load import Document, Keys
from harness.statement.elaborate import Scope
from harness.statement.term import Definition, Forall


@dataclass(frozen=True)
class SpecFile:
    """A spec and the file that it was read from."""

    spec: Spec
    path: Path
    document: Document


@dataclass(frozen=True)
class SpecLibrary:
    """Specs whose statements parse and type.

    specs: sorted by full name; files, statements, facts: by full name; scope: the constants that
    statements may use; definitions: constant as statements write it -> its base equation; unfolded:
    that constant -> full name of the spec whose equation it is; base_forms: constant -> form that
    its base equation is; rewrites: the other licensed forms; digest: SHA-256 of the files.
    """

    directory: Path
    specs: tuple[Spec, ...]
    files: Mapping[str, SpecFile]
    scope: Scope
    statements: Mapping[str, Forall]
    facts: Mapping[str, tuple[Forall, ...]]
    definitions: Mapping[str, Definition]
    unfolded: Mapping[str, str]
    base_forms: Mapping[str, str | None]
    rewrites: tuple[Rewrite, ...]
    digest: str

    def by_name(self, name: str) -> Spec:
        """The spec of a declaration, by its full or its last name. InputError when unknown."""
        wanted = name.removeprefix("_root_.")
        found = [spec for spec in self.specs if wanted in (spec.name, spec.short_name)]
        if len(found) > 1:
            names = ", ".join(spec.name for spec in found)
            raise InputError(f"'{name}' may be {names}", hint="give the full name")
        if not found:
            known = [word for spec in self.specs for word in (spec.short_name, spec.name)]
            hint = did_you_mean(name, known) or "`crosscheck check --list` shows the names"
            if Path(name).is_dir():
                hint = "that is a folder: give one of specs with --specs"
            raise InputError(f"no spec is named '{name}' in {self.directory}", hint=hint)
        return found[0]

    def statement(self, spec: Spec) -> Forall:
        """The statement of a theorem, the equation of a def. InputError for an abbrev."""
        if spec.name not in self.statements:
            raise InputError(f"{spec.name} abbreviates a type and has no statement")
        return self.statements[spec.name]

    def place(self, spec: Spec, *keys: str | int) -> Place:
        """Where in its file a spec says something: `place(spec, "equation", "statement")`."""
        where: Keys = keys
        place = self.files[spec.name].document.error(where, "").place
        assert place is not None
        return place

    def select(self, words: Iterable[str]) -> tuple[Spec, ...]:
        """The specs that the words name, by name or by file, each once; all specs for no word."""
        found = [self._named(word) for word in words]
        return tuple({spec.name: spec for spec in found}.values()) if found else self.specs

    def _named(self, word: str) -> Spec:
        if not is_file_word(word):
            return self.by_name(word)
        path = Path(word).resolve()
        for file in self.files.values():
            if file.path.resolve() == path:
                return file.spec
        hint = "give its folder with --specs" if path.exists() else "check the path"
        raise InputError(f"{word} is none of the specs in {self.directory}", hint=hint)


def is_file_word(word: str) -> bool:
    """Whether a word of the command line names a spec file and not a declaration."""
    return word.endswith((".yaml", ".yml")) or "/" in word or "\\" in word
