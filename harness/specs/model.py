"""The shape of a spec file: the typed model behind `specs/**/*.yaml` and its JSON schema.

A spec mirrors one Lean declaration and is inert: Lean text, provenance, the reviewed fingerprint.
It has no key for a tolerance, a reference to code, or a claim that something is proved.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

# Both patterns are read by JSON schema validators too: no look-ahead, no \p{...}.
_PART = r"[^\s.,:;(){}\[\]\"/\\]+"

FullName = Annotated[
    str,
    StringConstraints(pattern=rf"^{_PART}(\.{_PART})+$"),
    Field(examples=["Proofs.Autograd.softmaxVec_apply"]),
]
ConstantName = Annotated[
    str,
    StringConstraints(pattern=rf"^{_PART}(\.{_PART})*$"),
    Field(examples=["softmaxVec"]),
]
FormName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$"), Field(examples=["shifted"])
]
LeanText = Annotated[str, StringConstraints(min_length=1)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$"),
    Field(examples=["one line of text"]),
]


def _omit_default(schema: dict[str, Any]) -> None:
    """Optional keys are left out, never null, and editors must not fill that in."""
    del schema["default"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Provenance(_Part):
    """Which requirement asks for the declaration."""

    requirement: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"),
        Field(examples=["SOFTMAX-04"]),
    ] = Field(description="Id of the requirement that the declaration meets or supports.")
    text: Line = Field(description="What the requirement asks for, in one line.")


class Equation(_Part):
    """The equation that unfolds a constant: its only meaning on the Python side."""

    statement: LeanText = Field(
        description="Lean proposition, valid for every n, whose left side is the constant fully "
        "applied to distinct variables (at a coordinate i when it returns a vector)."
    )
    lemma: FullName = Field(description="Full name of the Lean lemma that states the equation.")
    form: FormName | SkipJsonSchema[None] = Field(
        default=None,
        json_schema_extra=_omit_default,
        description="Name of the algebraic form that the equation is, when others are licensed.",
    )


class Fact(_Part):
    """A further statement about a definition; it is checked as a theorem is."""

    statement: LeanText = Field(description="Lean proposition, closed by its own ∀ binders.")
    lemma: FullName = Field(description="Full name of the Lean lemma that states the fact.")


class Unfolding(_Part):
    """The theorem is also the equation of a constant that Mathlib declares."""

    constant: ConstantName = Field(description="The constant, as statements write it.")
    type: LeanText = Field(description="The type of the constant, narrowed to vectors.")


class Licence(_Part):
    """The theorem licenses another form of a constant: one side of its `=` replaces the other."""

    constant: ConstantName = Field(
        description="The constant that is rewritten; one side of the equation is this constant "
        "applied to distinct variables."
    )
    form: FormName = Field(description="Name of the form that the other side is.")
    choose: dict[str, Literal["neg_max"]] = Field(
        default_factory=dict,
        description="What to put for the variables that only the other side has. neg_max: minus "
        "the greatest coordinate of the constant's only vector argument.",
    )


class _SpecBase(_Part):
    schema_version: Literal[1] = Field(alias="schema", description="Version of this file format.")
    name: FullName = Field(description="Full name of the declaration in Lean.")
    role: Literal["required", "support"] = Field(
        description="required: a requirement names the declaration; support: others rest on it."
    )
    file: Annotated[
        str,
        StringConstraints(pattern=r"^[^\s/\\:.]+(/[^\s/\\:.]+)*\.lean$"),
        Field(examples=["Proofs/Autograd/Softmax.lean"]),
    ] = Field(description="Lean source of the declaration, relative to the Lake project.")
    provenance: Provenance = Field(description="The requirement behind the declaration.")
    summary: Line = Field(description="One line for people.")
    fingerprint: (
        Annotated[
            str,
            StringConstraints(pattern=r"^scan1:[0-9a-f]{64}$"),
            Field(examples=["scan1: and 64 hexadecimal digits"]),
        ]
        | SkipJsonSchema[None]
    ) = Field(
        default=None,
        json_schema_extra=_omit_default,
        description="Fingerprint of the Lean declaration that a person last reviewed; absent when "
        "nobody has. Written by `crosscheck review`, not by hand.",
    )
    lean1: (
        Annotated[
            str,
            StringConstraints(pattern=r"^lean1:[0-9a-f]{64}$"),
            Field(examples=["lean1: and 64 hexadecimal digits"]),
        ]
        | SkipJsonSchema[None]
    ) = Field(
        default=None,
        json_schema_extra=_omit_default,
        description="Digest of the type that Lean gave the declaration when it was reviewed, where "
        "there was evidence of a build; never compared with the fingerprint. Written by "
        "`crosscheck review`, not by hand.",
    )

    @property
    def short_name(self) -> str:
        """The last component of the name."""
        return self.name.rpartition(".")[2]

    @property
    def namespace(self) -> str:
        """The name without its last component."""
        return self.name.rpartition(".")[0]


class DefSpec(_SpecBase):
    """Mirrors a Lean `def`: its type and the one equation that unfolds it."""

    kind: Literal["def"] = Field(description="A Lean `def`.")
    type: LeanText = Field(description="The type of the constant, as Lean's `#check` writes it.")
    equation: Equation = Field(description="What the constant means, once and for every n.")
    facts: tuple[Fact, ...] = Field(
        default=(), description="Further statements about the constant."
    )


class AbbrevSpec(_SpecBase):
    """Mirrors a Lean `abbrev` of a type; it has no Python side."""

    kind: Literal["abbrev"] = Field(description="A Lean `abbrev` of a type.")
    type: LeanText = Field(description="The type of the abbreviation, such as `ℕ → Type`.")
    value: LeanText = Field(description="The body of the abbreviation, as Lean writes it.")


class TheoremSpec(_SpecBase):
    """Mirrors a Lean `theorem` or `lemma`: its statement."""

    kind: Literal["theorem"] = Field(description="A Lean `theorem` or `lemma`.")
    statement: LeanText = Field(description="Lean proposition, closed by its own ∀ binders.")
    unfolds: Unfolding | SkipJsonSchema[None] = Field(
        default=None,
        json_schema_extra=_omit_default,
        description="A constant of Mathlib that this theorem unfolds.",
    )
    rewrite: tuple[Licence, ...] = Field(
        default=(), description="The forms of constants that this theorem licenses."
    )


Spec = DefSpec | AbbrevSpec | TheoremSpec
KINDS: dict[str, type[DefSpec] | type[AbbrevSpec] | type[TheoremSpec]] = {
    "def": DefSpec,
    "abbrev": AbbrevSpec,
    "theorem": TheoremSpec,
}
