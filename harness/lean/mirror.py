"""The mirror check without a toolchain: does the Lean source say what the spec says?

Lean's signature goes through the parser and elaboration of the specs, and propositions are compared
up to bound names, grouping, implicitness and synonyms. Whether Lean *accepts* the source is another
question, which only Lean answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from harness.errors import InputError, Place
from harness.lean.canonical import canonical
from harness.lean.declaration import Declaration, Excerpt, Flag, find_declaration
from harness.lean.differences import difference
from harness.lean.fingerprint import fingerprint_of
from harness.lean.layout import closed_type, renamed
from harness.lean.resolve import Definitions, definitions_of, meanings
from harness.specs.library import SpecLibrary
from harness.specs.model import AbbrevSpec, DefSpec, Spec
from harness.statement.compare import same_proposition, same_signature
from harness.statement.elaborate import Scope, elaborate, elaborate_signature
from harness.statement.parse import parse
from harness.statement.printer import show, show_signature, show_term
from harness.statement.substitute import rewritten, unused
from harness.statement.syntax import Binding, Node
from harness.statement.term import Forall, Signature

State = Literal["same", "differs", "missing", "unreadable"]
_WORST_FIRST: tuple[State, ...] = ("missing", "differs", "unreadable")
Read = TypeVar("Read")


@dataclass(frozen=True)
class Finding:
    """One comparison between a spec and the Lean source.

    what: declaration, file, kind, names, statement, type, value, equation, `fact 1`, ...; message:
    one sentence, empty when the state is same; detail: lines to show below it, such as a word diff
    or the source with a caret; place: in the Lean source, where known.
    """

    what: str
    state: State
    message: str = ""
    detail: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class MirrorResult:
    """What the Lean source says of one spec.

    declaration: None when it is missing; fingerprint: `scan1:` of the source as it is now, or None;
    stored: the one in the spec, None when nobody reviewed it; flags: of the declaration and of the
    lemmas that the spec cites.
    """

    name: str
    findings: tuple[Finding, ...]
    declaration: Declaration | None
    fingerprint: str | None
    stored: str | None
    flags: tuple[Flag, ...] = ()

    @property
    def state(self) -> State:
        """The worst state of all findings: missing, differs, unreadable, same."""
        states = {finding.state for finding in self.findings}
        return next((state for state in _WORST_FIRST if state in states), "same")

    @property
    def suspect(self) -> bool:
        """Whether the source is not the one that a person reviewed. False when nobody has."""
        return self.stored is not None and self.stored != self.fingerprint


@dataclass(frozen=True)
class _Project:
    """The Lean source as a whole, and the specs it is compared with."""

    library: SpecLibrary
    declarations: tuple[Declaration, ...]
    definitions: Definitions

    def scope(self, declaration: Declaration) -> Scope:
        """What statements may name where a declaration stands."""
        opened = (one.namespace for one in declaration.opens if not one.only)
        spaces = (declaration.namespace, *opened, *self.library.scope.namespaces)
        return replace(self.library.scope, namespaces=tuple(dict.fromkeys(filter(None, spaces))))


def mirror(spec: Spec, library: SpecLibrary, declarations: Iterable[Declaration]) -> MirrorResult:
    """Compare one spec of the library with the declarations of the whole Lean project.

    Never raises for what the Lean source says: what does not parse or type is *unreadable*.
    """
    known = tuple(declarations)
    project = _Project(library, known, definitions_of(known))
    try:
        declaration = find_declaration(spec.name, known, file=spec.file)
    except InputError as error:
        finding = Finding("declaration", "missing", str(error))
        return MirrorResult(spec.name, (finding,), None, None, spec.fingerprint)
    findings = [
        _equal("file", spec.file, declaration.file, declaration),
        _equal("kind", spec.kind, declaration.kind, declaration),
    ]
    flags = declaration.flags
    if isinstance(spec, AbbrevSpec):
        findings += [_type(spec, declaration, project), _value(spec, declaration)]
    elif isinstance(spec, DefSpec):
        findings.append(_type(spec, declaration, project))
        for what, lemma, statement in _cited(spec, library):
            found, its_flags = _lemma(what, lemma, statement, spec.file, project)
            findings += found
            flags += its_flags
    else:
        findings.append(
            _statement("statement", library.statements[spec.name], declaration, project)
        )
    findings += _misread_names(declaration, project)
    return MirrorResult(
        spec.name,
        tuple(findings),
        declaration,
        fingerprint_of(declaration, known),
        spec.fingerprint,
        flags,
    )


def _equal(what: str, expected: str, found: str, declaration: Declaration) -> Finding:
    if expected == found:
        return Finding(what, "same")
    message = f"the spec says {what} {expected}, Lean has {found}"
    return Finding(what, "differs", message, place=declaration.place)


def _statement(what: str, expected: Forall, declaration: Declaration, project: _Project) -> Finding:
    """Whether the declaration states that proposition."""
    scope = project.scope(declaration)
    found = _read(what, closed_type(declaration), declaration, lambda node: elaborate(node, scope))
    if isinstance(found, Finding):
        return found
    if same_proposition(expected, found):
        return Finding(what, "same")
    detail = difference(show_term(expected), show_term(_named_like(expected, found)))
    message = f"{declaration.name} states another proposition than the spec"
    return Finding(what, "differs", message, detail, declaration.place)


def _type(spec: DefSpec | AbbrevSpec, declaration: Declaration, project: _Project) -> Finding:
    """Whether the declaration has the type that the spec gives it."""
    scope = project.scope(declaration)

    def signature(node: Node) -> Signature:
        return elaborate_signature(f"_root_.{spec.name}", node, scope.namespaces)

    expected = signature(parse(spec.type))
    found = _read("type", closed_type(declaration), declaration, signature)
    if isinstance(found, Finding):
        return found
    if same_signature(expected, found):
        return Finding("type", "same")
    detail = difference(show_signature(expected), show_signature(found))
    message = f"{declaration.name} has another type than the spec says"
    return Finding("type", "differs", message, detail, declaration.place)


def _value(spec: AbbrevSpec, declaration: Declaration) -> Finding:
    """Whether the abbreviation has the value that the spec gives; its arguments may be renamed."""
    own = [name for binder in declaration.binders for name in binder.names]
    kind = parse(spec.type)
    binders = kind.binders if isinstance(kind, Binding) else ()
    names = [name for binder in binders for name in binder.names]
    body = declaration.body
    if body and len(names) == len(own):
        body = Excerpt(renamed(body.text, dict(zip(own, names, strict=True))), body.place)
    found = _read("value", body, declaration, lambda node: node)
    if isinstance(found, Finding):
        return found
    expected = parse(spec.value)
    if expected == found:
        return Finding("value", "same")
    message = f"{declaration.name} abbreviates something else than the spec says"
    detail = difference(show(expected), show(found))
    return Finding("value", "differs", message, detail, declaration.place)


def _cited(spec: DefSpec, library: SpecLibrary) -> Iterator[tuple[str, str, Forall]]:
    """What a lemma stands for in the spec, the lemma, and what it has to state."""
    yield "equation", spec.equation.lemma, library.statements[spec.name]
    stated = library.facts[spec.name]
    for number, (fact, statement) in enumerate(zip(spec.facts, stated, strict=True), start=1):
        yield f"fact {number}", fact.lemma, statement


def _lemma(
    what: str, name: str, expected: Forall, file: str, project: _Project
) -> tuple[list[Finding], tuple[Flag, ...]]:
    """What there is to say of a lemma that a definition's spec cites, and the lemma's flags."""
    try:
        lemma = find_declaration(name, project.declarations, file=file)
    except InputError as error:
        return [Finding(what, "missing", str(error))], ()
    if lemma.kind != "theorem":
        message = f"{name} is no theorem but {lemma.kind}"
        return [Finding(what, "differs", message, place=lemma.place)], lemma.flags
    findings = [_statement(what, expected, lemma, project), *_misread_names(lemma, project)]
    return findings, lemma.flags


def _misread_names(declaration: Declaration, project: _Project) -> Iterator[Finding]:
    """Names of the signature that mean one thing in Lean and another to the specs.

    Elaboration knows the constants that have specs and nothing else of the Lean source.
    """
    scope = project.scope(declaration)
    specified = {f"{space}.Vec" for space in scope.namespaces} | set(project.library.files)
    known = project.definitions.by_name.keys()
    for name in sorted(canonical(declaration, body=False).names):
        meant = {one.name for one in meanings(name, declaration, project.definitions)}
        constant = scope.constant(name)
        message = ""
        if meant and not meant & specified:
            message = f"`{name}` means {min(meant)} here, which has no spec"
        elif constant and constant.full_name in known - meant:
            message = f"`{name}` cannot mean {constant.full_name} here"
        if message:
            yield Finding("names", "differs", message, place=declaration.place)


def _read(
    what: str, excerpt: Excerpt | None, declaration: Declaration, use: Callable[[Node], Read]
) -> Read | Finding:
    """What `use` makes of the parsed excerpt, or the finding that says why it cannot be read."""
    if excerpt is None:
        message = f"{declaration.name} has no {'value' if what == 'value' else 'type'} to compare"
        return Finding(what, "unreadable", message, place=declaration.place)
    place = excerpt.place
    try:
        return use(parse(excerpt.text, file=place.file, line=place.line, column=place.column))
    except InputError as error:
        message = f"{error.message} ({error.hint})" if error.hint else error.message
        caret = error.with_caret().partition("\n")[2]
        return Finding(what, "unreadable", message, caret, error.place or place)


def _named_like(expected: Forall, found: Forall) -> Forall:
    """`found` with the bound names of `expected`, in order, so that a diff shows no renaming."""
    names: list[str] = []

    def record(name: str) -> str:
        names.append(name)
        return name

    rewritten(expected, {}, record)
    fresh = iter(names)
    given: set[str] = set(names)

    def name_for(name: str) -> str:
        taken = next(fresh, None)
        if taken is None:
            taken = unused(name, given)
            given.add(taken)
        return taken

    renamed_term = rewritten(found, {}, name_for)
    assert isinstance(renamed_term, Forall)  # renaming keeps the outermost node
    return renamed_term
