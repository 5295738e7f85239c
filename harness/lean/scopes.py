"""What is in force at a place of a Lean file: namespace, `open`s, `variable`s, `include`s.

Which variables a declaration takes: those whose names occur in its signature (for anything but a
theorem: or in its body), those named by `include`, then, to the end, those that the types of these
name, and instance variables all of whose variables are taken. That is Lean's rule, but Lean looks
at what names mean and we only at how they are spelled: a name that is bound inside counts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from harness.lean.commands import Command
from harness.lean.declaration import Binder, Open
from harness.lean.signature import Source, read_binders
from harness.lean.tokens import Token, tokenize

DEEPEST = 200  # scopes; people need five


@dataclass(frozen=True)
class Variable:
    """A binder of a `variable` command, and the identifiers in it other than its names."""

    binder: Binder
    mentions: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """One open scope; `name` is one component, empty for an unnamed one.

    kind: file, namespace, section, mutual, or in (which lasts for one command).
    """

    kind: str = "file"
    name: str = ""
    namespace: str = ""
    opens: tuple[Open, ...] = ()
    variables: tuple[Variable, ...] = ()
    included: frozenset[str] = field(default=frozenset())

    def enter(self, kind: str, name: str) -> Scope:
        """The scope within this one that a `namespace`, `section`, `mutual` or `in` opens."""
        inner = f"{self.namespace}.{name}".strip(".") if kind == "namespace" else self.namespace
        return replace(self, kind=kind, name=name, namespace=inner)

    def with_variables(self, added: Sequence[Variable]) -> Scope:
        """After a `variable` command. A group without types changes the brackets of known names."""
        variables = list(self.variables)
        for one in added:
            if one.binder.type is None and one.binder.names:
                known = {name for variable in variables for name in variable.binder.names}
                variables = [part for old in variables for part in _rebracket(old, one.binder)]
                names = tuple(name for name in one.binder.names if name not in known)
                if not names:
                    continue
                one = replace(one, binder=replace(one.binder, names=names))
            variables.append(one)
        return replace(self, variables=tuple(variables))

    def full_name(self, name: str) -> str:
        """A declared name with the namespace in force; `_root_.` lifts it out."""
        if name.startswith("_root_."):
            return name.removeprefix("_root_.")
        return f"{self.namespace}.{name}" if self.namespace else name

    @property
    def variable_names(self) -> set[str]:
        """The names of all variables in force."""
        return {name for variable in self.variables for name in variable.binder.names}

    def taken(self, used: set[str]) -> tuple[Binder, ...]:
        """The variables of a declaration that uses these identifiers (first components)."""
        if not self.variables:
            return ()
        names = self.variable_names
        reached = (used | self.included) & names
        chosen: set[int] = set()
        grows = True
        while grows:
            grows = False
            for index, variable in enumerate(self.variables):
                if index in chosen:
                    continue
                mine = reached.intersection(variable.binder.names)
                needs = variable.mentions & names
                if mine or (variable.binder.kind == "instance" and needs <= reached):
                    chosen.add(index)
                    reached |= needs
                    grows = True
        return tuple(_only(self.variables[index].binder, reached) for index in sorted(chosen))


def after_command(
    scopes: tuple[Scope, ...], source: Source, command: Command
) -> tuple[tuple[Scope, ...], str]:
    """The scopes behind a command that declares nothing, innermost last; and what is wrong with it.

    What `open ... in` and its like change holds for one command: it goes into a scope of its own,
    which `leave_in` leaves.
    """
    if len(scopes) > DEEPEST and command.word != "end":
        return leave_in(scopes), f"scopes nested more than {DEEPEST} deep"
    if command.holds_in:
        scopes = (*scopes, scopes[-1].enter("in", ""))
    tokens = source.tokens[command.head + 1 : command.stop - command.holds_in]
    name = tokens[0].text if tokens else ""
    outer, top = scopes[:-1], scopes[-1]
    problem = ""
    match command.word:
        case "namespace" | "section":
            for component in name.split("."):
                scopes = (*scopes, scopes[-1].enter(command.word, component))
        case "mutual":
            scopes = (*scopes, top.enter("mutual", ""))
        case "end":
            scopes, problem = _close(scopes, name)
        case "open" | "export":
            scopes = (*outer, replace(top, opens=top.opens + _opens(tokens)))
        case "variable":
            start, stop = command.head + 1, command.stop - command.holds_in
            binders, end = read_binders(source, start, stop)
            scopes = (*outer, top.with_variables([_variable(binder) for binder in binders]))
            problem = "" if end == stop else f"`{source.tokens[end].text}` begins no binder"
        case "include":
            scopes = (*outer, replace(top, included=top.included | identifiers(tokens)))
        case "omit":
            scopes = (*outer, replace(top, included=top.included - identifiers(tokens)))
    return scopes if command.holds_in else leave_in(scopes), problem


def leave_in(scopes: tuple[Scope, ...]) -> tuple[Scope, ...]:
    """The scopes behind a whole command: without those that `... in` opened for it."""
    while scopes[-1].kind == "in":
        scopes = scopes[:-1]
    return scopes


def identifiers(tokens: Sequence[Token]) -> set[str]:
    """The first components of the identifiers among the tokens."""
    return {token.text.partition(".")[0] for token in tokens if token.kind == "identifier"}


def _rebracket(variable: Variable, update: Binder) -> list[Variable]:
    """`variable` split so that the names that `update` names have the brackets of `update`."""
    binder = variable.binder
    if not set(binder.names) & set(update.names):
        return [variable]
    parts = []
    for name in binder.names:
        kind = update.kind if name in update.names else binder.kind
        parts.append(replace(variable, binder=replace(binder, names=(name,), kind=kind)))
    return parts


def _only(binder: Binder, names: set[str]) -> Binder:
    """The group with those of its names that are taken; an instance is taken whole."""
    if binder.kind == "instance" or names.issuperset(binder.names):
        return binder
    return replace(binder, names=tuple(name for name in binder.names if name in names))


def _variable(binder: Binder) -> Variable:
    mentioned = identifiers(tokenize(binder.type.text)) if binder.type else set()
    return Variable(replace(binder, from_variable=True), frozenset(mentioned - set(binder.names)))


def _close(scopes: tuple[Scope, ...], name: str) -> tuple[tuple[Scope, ...], str]:
    """The scopes behind `end name`: each component closes one. Scopes left open inside go too."""
    open_scopes = leave_in(scopes)
    components = name.split(".")
    for depth in range(len(open_scopes), len(components), -1):
        ending = open_scopes[depth - len(components) : depth]
        if [scope.name for scope in ending] == components:
            inside = [scope.name for scope in open_scopes[depth:] if scope.name]
            problem = f"`end {name}` while `{inside[-1]}` is open" if inside else ""
            return open_scopes[: depth - len(components)], problem
        if not name:
            break  # a bare `end` closes the innermost scope or none
    return open_scopes, f"`{f'end {name}'.strip()}` closes nothing"


def _opens(tokens: Sequence[Token]) -> tuple[Open, ...]:
    """`open A B`, `open A (x y)`; `open scoped A` opens no names; hiding, renaming open all."""
    words = [token.text for token in tokens]
    if "scoped" in words[:1]:
        return ()
    if "(" in words and words.index("(") == 1:
        inside = tuple(token.text for token in tokens[2:] if token.kind == "identifier")
        return (Open(words[0], inside),)
    cut = min((words.index(word) for word in ("hiding", "renaming") if word in words), default=None)
    return tuple(Open(token.text) for token in tokens[:cut] if token.kind == "identifier")
