"""The types of the statement language: finite-dimensional real vectors and linear maps on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Length:
    """A ℕ-term that measures a vector: a sum of ℕ variables and a constant, such as `n + 1`.

    variables: sorted names, repeated for multiples (`2 * n` is `("n", "n")`); offset: >= 0.
    """

    variables: tuple[str, ...] = ()
    offset: int = 0

    def at(self, sizes: dict[str, int]) -> int:
        """The length when each variable has the given size. KeyError for an unknown variable."""
        return self.offset + sum(sizes[name] for name in self.variables)

    def __str__(self) -> str:
        words = [*self.variables] + (
            [str(self.offset)] if self.offset or not self.variables else []
        )
        return " + ".join(words)


class Type:
    """Base of the types below; each prints as Lean writes it."""


@dataclass(frozen=True)
class NatType(Type):
    """ℕ: a size, never passed to an implementation."""

    def __str__(self) -> str:
        return "ℕ"


@dataclass(frozen=True)
class RealType(Type):
    """ℝ."""

    def __str__(self) -> str:
        return "ℝ"


@dataclass(frozen=True)
class PropType(Type):
    """Prop: a relation, a hypothesis, or what connects them."""

    def __str__(self) -> str:
        return "Prop"


@dataclass(frozen=True)
class UniverseType(Type):
    """Type, the type of types: the result of an abbreviation such as `Vec : ℕ → Type`."""

    def __str__(self) -> str:
        return "Type"


@dataclass(frozen=True)
class FinType(Type):
    """`Fin n`: an index, 0-based."""

    length: Length

    def __str__(self) -> str:
        return f"Fin {_atom(self.length)}"


@dataclass(frozen=True)
class VecType(Type):
    """`Vec n`, that is `EuclideanSpace ℝ (Fin n)`."""

    length: Length

    def __str__(self) -> str:
        return f"Vec {_atom(self.length)}"


@dataclass(frozen=True)
class FunType(Type):
    """`domain → result`; `Fin n → ℝ` has the values of `Vec n` and is another type."""

    domain: Type
    result: Type

    def __str__(self) -> str:
        left = f"({self.domain})" if isinstance(self.domain, FunType) else str(self.domain)
        return f"{left} → {self.result}"


@dataclass(frozen=True)
class LinearType(Type):
    """`Vec m →L[ℝ] codomain`, with codomain ℝ, `Vec n` or `Fin n → ℝ`."""

    domain: VecType
    codomain: Type

    def __str__(self) -> str:
        right = f"({self.codomain})" if isinstance(self.codomain, FunType) else str(self.codomain)
        return f"{self.domain} →L[ℝ] {right}"


NAT = NatType()
REAL = RealType()
PROP = PropType()
UNIVERSE = UniverseType()


def _atom(length: Length) -> str:
    text = str(length)
    return f"({text})" if " " in text else text


def is_coordinates(kind: Type) -> bool:
    """Whether values of the type are an array of n reals: `Vec n` or `Fin n → ℝ`."""
    if isinstance(kind, VecType):
        return True
    return isinstance(kind, FunType) and isinstance(kind.domain, FinType) and kind.result == REAL


def coordinate_length(kind: Type) -> Length:
    """The n of `Vec n` or `Fin n → ℝ`. TypeError for another type."""
    if isinstance(kind, VecType):
        return kind.length
    if isinstance(kind, FunType) and isinstance(kind.domain, FinType):
        return kind.domain.length
    raise TypeError(f"{kind} has no coordinates")
