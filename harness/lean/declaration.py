"""What the scanner reports of a Lean file: declarations and their parts, flags, what is unread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.errors import InputError, Place, did_you_mean

BinderKind = Literal["explicit", "implicit", "strict", "instance", "bare"]
BodyKind = Literal["", ":=", "where", "|"]
BRACKETS: Mapping[BinderKind, tuple[str, str]] = {
    "explicit": ("(", ")"),
    "implicit": ("{", "}"),
    "strict": ("⦃", "⦄"),
    "instance": ("[", "]"),
    "bare": ("", ""),
}


@dataclass(frozen=True)
class Excerpt:
    """A piece of the source as it stands there, and where it begins."""

    text: str
    place: Place


@dataclass(frozen=True)
class Binder:
    """One binder group, such as `(x dx : Vec n)`, `{n}`, `[Fact p]`, or a bare `x`.

    names: empty for `[Fact p]`; type: behind the colon, default value included; None without one;
    from_variable: it stands in a `variable` command and is in force here.
    """

    kind: BinderKind
    names: tuple[str, ...]
    type: Excerpt | None
    source: Excerpt
    from_variable: bool = False


@dataclass(frozen=True)
class Open:
    """`open namespace`, or `open namespace (only …)`; hiding and renaming are not followed."""

    namespace: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flag:
    """Something that a reader of a proof must know of: `sorry`, `admit`, `axiom`, `native_decide`,
    `implemented_by`, `extern`, `unsafe` or `opaque`, outside comments and strings."""

    word: str
    place: Place


@dataclass(frozen=True)
class Unread:
    """A place that the scanner could not read, and why; `text` is its first line."""

    place: Place
    reason: str
    text: str = ""


@dataclass(frozen=True)
class Declaration:
    """One declaration of a Lean file.

    name: fully qualified, `«»` kept; empty for `example` and an instance without a name. kind:
    `lemma` is `theorem`, `irreducible_def` is `def`, `coinductive` is `inductive`; keyword: as
    written. attributes: the text between the commas of `@[...]`. docstring: without its marks.
    binders: the `variable`s that Lean includes, then the declaration's own. signature: from behind
    the name to the body; type: behind its colon; body: behind `:=` or `where`, from `|`. namespace,
    opens: in force inside, for resolving names; `def A.b` is inside of `A`. first_line: of the
    docstring or the first attribute.
    """

    name: str
    kind: str
    keyword: str
    place: Place
    attributes: tuple[str, ...]
    modifiers: tuple[str, ...]
    docstring: str | None
    binders: tuple[Binder, ...]
    signature: Excerpt | None
    type: Excerpt | None
    body: Excerpt | None
    body_kind: BodyKind
    first_line: int
    last_line: int
    namespace: str
    opens: tuple[Open, ...]
    flags: tuple[Flag, ...]

    @property
    def file(self) -> str:
        """The file as it was named to the scanner."""
        return self.place.file

    @property
    def type_text(self) -> str:
        """The text of the type, empty when there is none."""
        return self.type.text if self.type else ""

    @property
    def body_text(self) -> str:
        """The text of the body, empty when there is none."""
        return self.body.text if self.body else ""

    @property
    def is_restatement(self) -> bool:
        """Whether it stands in the generated Mirror.lean, which people neither write nor name."""
        return self.file == "Mirror.lean" and self.name.startswith("Mirror.")


@dataclass(frozen=True)
class Scan:
    """What one file holds. flags: of the whole file, those of no declaration included."""

    file: str
    declarations: tuple[Declaration, ...]
    unread: tuple[Unread, ...] = ()
    flags: tuple[Flag, ...] = ()


def find_declaration(
    name: str, declarations: Iterable[Declaration], *, file: str = ""
) -> Declaration:
    """The declaration of that full name (`_root_.` is dropped); one in `file` before the others.

    Raises InputError with a suggestion when there is none.
    """
    wanted = name.removeprefix("_root_.")
    known = tuple(declarations)
    same = [declaration for declaration in known if declaration.name == wanted]
    if not same:
        named = (one.name for one in known if not one.is_restatement)
        names = sorted({name for name in named if name})
        raise InputError(
            f"no declaration '{wanted}' in the Lean source", hint=_suggestion(wanted, names)
        )
    return min(same, key=lambda one: (one.file != file, "private" in one.modifiers))


def _suggestion(wanted: str, names: list[str]) -> str:
    last = wanted.rpartition(".")[2]
    elsewhere = [name for name in names if name.rpartition(".")[2] == last]
    return f"did you mean '{elsewhere[0]}'?" if elsewhere else did_you_mean(wanted, names)
