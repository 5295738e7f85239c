"""The shape of a catalogue file: the typed model behind `catalogue.yaml`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from harness.evaluate.arithmetic import ORDERS
from harness.implementations.entry import Backend

Name = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$"), Field(examples=["my_softmax"])
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$")]
Dtype = Literal["float64", "float32", "float16", "bfloat16"]
Working = Literal["float64", "float32", "float16", "bfloat16", "output"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _short_for(key: str) -> BeforeValidator:
    """A text stands for the mapping that has only this key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


def _listed(value: object) -> object:
    """A text stands for the list of it."""
    return (value,) if isinstance(value, str) else value


class ArithmeticChoice(_Part):
    """A named arithmetic, and the fields in which this promise differs from it."""

    base: str = "ieee"
    working: Working | None = None
    accumulator: Working | None = None
    exp_ulp: float | None = Field(default=None, gt=0, le=2**20)
    exp_argument_roundings: int | None = Field(default=None, ge=0, le=64)
    order: str | None = Field(default=None, examples=[ORDERS[0]], pattern=f"^({'|'.join(ORDERS)})$")
    flush_to_zero: bool | None = None
    exact: bool | None = None
    forms: tuple[str, ...] | None = None


class Adapter(_Part):
    """What is done to a call. keywords: added to each; quoted numbers, true and null are values."""

    keywords: dict[str, Any]


class ConstantModel(_Part):
    """The implementation of one constant."""

    call: str
    arithmetic: Annotated[ArithmeticChoice | None, _short_for("base")] = None
    adapter: Adapter | None = None


class Violation(_Part):
    """A known failure; `expect: conforms` has none."""

    violates: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        description="The declaration, or the declarations, by short name."
    )
    reason: Line = Field(description="What is wrong, in one line.")
    link: Line = ""
    case: Line = ""


class EntryModel(_Part):
    """One entry as it is written."""

    name: Name
    backend: Backend = Field(description="The kind of arrays that is passed: numpy or torch.")
    library: Name | None = None
    dtypes: tuple[Dtype, ...]
    devices: tuple[Literal["cpu", "cuda"], ...] = ("cpu",)
    min_n: int = Field(default=0, ge=0)
    constants: dict[str, Annotated[ConstantModel, _short_for("call")]]
    arithmetic: Annotated[ArithmeticChoice, _short_for("base")] = ArithmeticChoice()
    adapter: Adapter | None = None
    expect: Annotated[
        Violation | None, BeforeValidator(lambda value: None if value == "conforms" else value)
    ] = None


class CatalogueModel(_Part):
    """The whole file."""

    schema_version: Literal[1] = Field(alias="schema")
    entries: tuple[EntryModel, ...]
