"""The shape of a catalogue file: the typed model behind `catalogue.yaml`."""

from __future__ import annotations

import shlex
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from harness.evaluate.arithmetic import ORDERS
from harness.implementations.adapter import Along
from harness.implementations.arrays import ArrayKind
from harness.implementations.entry import Backend, Defect

Name = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$"), Field(examples=["my_softmax"])
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$")]
Word = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), Field(examples=["axis"])
]
Dtype = Literal["float64", "float32", "float16", "bfloat16"]
Working = Literal["float64", "float32", "float16", "bfloat16", "output", "wide"]


PROGRAM = "program"
"""The `call` of a constant that a program implements."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _short_for(key: str, full: Any) -> BeforeValidator:
    """A text stands for the mapping `full` that has only this key."""
    return BeforeValidator(
        lambda value: {key: value} if isinstance(value, str) else value,
        json_schema_input_type=str | full,
    )


def _listed(value: object) -> object:
    """A text stands for the list of it."""
    return (value,) if isinstance(value, str) else value


_LISTED = BeforeValidator(_listed, json_schema_input_type=str | list[str])

# Our YAML has only texts and natural numbers: true and 2.5 are written in quotes.
Flag = Annotated[
    bool, BeforeValidator(lambda value: value, json_schema_input_type=Literal["true", "false"])
]
Number = Annotated[float, BeforeValidator(lambda value: value, json_schema_input_type=str | int)]


class ArithmeticChoice(_Part):
    """A named arithmetic, and the fields in which this promise differs from it."""

    base: str = "ieee"
    working: Working | None = None
    accumulator: Working | None = None
    exp_ulp: Annotated[Number, Field(gt=0, le=2**20)] | None = None
    exp_argument_roundings: int | None = Field(default=None, ge=0, le=64)
    order: str | None = Field(default=None, examples=[ORDERS[0]], pattern=f"^({'|'.join(ORDERS)})$")
    flush_to_zero: Flag | None = None
    exact: Flag | None = None
    forms: tuple[str, ...] | None = None


class AxisModel(_Part):
    """How the function is told along which axis to work; nothing: it knows."""

    keyword: Word | None = Field(default=None, description="The name of the argument that says it.")
    position: int | None = Field(
        default=None, ge=0, le=9, description="Its place among the positional arguments, from 0."
    )
    along: Along = Field(
        default="last",
        description="last: -1 is passed; last_positive: ndim - 1; first: 0, with our last axis "
        "moved to the front.",
    )


class ReturnsModel(_Part):
    """Where in what comes back the result is."""

    item: int | Word | None = Field(default=None, description="Of a tuple, list or mapping.")
    attribute: Word | None = Field(default=None, description="Of it, or of its item.")


class AdapterModel(_Part):
    """What lifts a call to our convention, docs/calling.md; it never computes."""

    keywords: dict[str, Any] = Field(
        default_factory=dict,
        description="Added to each call; quoted numbers, true and null are values.",
    )
    axis: Annotated[AxisModel | None, _short_for("keyword", AxisModel)] = None
    rows: Literal["loop", "flat"] | None = Field(
        default=None,
        description="loop: called once for each vector; flat: vectors are (rows, n) in each call.",
    )
    order: tuple[Annotated[int, Field(ge=0, le=9)], ...] = Field(
        default=(), description="The place in our arguments of each of the function's."
    )
    names: tuple[Word, ...] = Field(
        default=(), description="Names by which our arguments are passed, in our order."
    )
    returns: ReturnsModel | None = None
    arrays: ArrayKind | None = Field(
        default=None, description="The kind that it takes and returns, where that is not backend."
    )


class ConstantModel(_Part):
    """The implementation of one constant."""

    call: str
    arithmetic: Annotated[ArithmeticChoice | None, _short_for("base", ArithmeticChoice)] = None
    adapter: AdapterModel | None = None


class Known(_Part):
    """What is known of an entry that is wrong; `expect: conforms` has nothing."""

    violates: Annotated[tuple[str, ...], _LISTED] = Field(
        default=(), description="The declaration, or the declarations, by short name."
    )
    conforms: Literal["equivalent", "unseen"] | None = Field(
        default=None,
        description="It is wrong and conforms: no input separates it from the bound, or those that "
        "do are not among the inputs of a run.",
    )
    reason: Line = Field(description="What is wrong, in one line.")
    defect: Defect | Literal[""] = Field(default="", description="The class of what is wrong.")
    link: Line = Field(default="", description="Where it is reported.")
    case: Line = Field(
        default="", description="An input that shows it.", examples=["x = [0, 3], dx = [1, 0]"]
    )
    dtypes: Annotated[tuple[Dtype, ...], _LISTED] = Field(
        default=(), description="In which it violates; default all of the entry's."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Known:
        if bool(self.violates) == bool(self.conforms):
            raise ValueError("'violates' or 'conforms' is needed, and not both")
        return self


class ProcessModel(_Part):
    """A program that answers calls, docs/protocol.md; started in the folder of the catalogue."""

    command: tuple[Line, ...]
    seconds: int = Field(default=20, ge=1, description="For one call.")
    start_seconds: int = Field(default=60, ge=1, description="Until the hello of the program.")


def _command(value: object) -> object:
    """A text, taken apart as a shell does, or a list of words stands for the mapping."""
    words = shlex.split(value) if isinstance(value, str) else value
    return {"command": words} if isinstance(words, list) else words


def _schema_of_entry(schema: dict[str, Any]) -> None:
    """What `EntryModel.of_process` lets be written."""
    schema["required"].remove("backend")
    schema["anyOf"] = [{"required": ["backend"]}, {"required": ["process"]}]
    names = {"type": "array", "items": {"type": "string"}}
    properties = schema["properties"]
    properties["constants"] = {"anyOf": [properties["constants"], names]}


class EntryModel(_Part):
    """One entry as it is written."""

    model_config = ConfigDict(json_schema_extra=_schema_of_entry)

    name: Name
    process: Annotated[
        ProcessModel | None,
        BeforeValidator(_command, json_schema_input_type=str | list[str] | ProcessModel),
    ] = Field(default=None, description="The program that is called, instead of functions.")
    backend: Backend = Field(description="The kind of arrays that is passed: numpy or torch.")
    library: Name | None = Field(
        default=None, description="The module that must be importable; else it is not installed."
    )
    requires: tuple[Name, ...] = Field(default=(), description="Further modules, likewise.")
    dtypes: tuple[Dtype, ...]
    devices: tuple[Literal["cpu", "cuda"], ...] = ("cpu",)
    min_n: int = Field(default=0, ge=0, description="Shorter vectors are unsupported.")
    max_n: int | None = Field(default=None, ge=1, description="Longer vectors are unsupported.")
    seconds: int | None = Field(
        default=None, ge=1, le=600, description="That one call may take, if it must compile first."
    )
    constants: dict[str, Annotated[ConstantModel, _short_for("call", ConstantModel)]]
    arithmetic: Annotated[ArithmeticChoice, _short_for("base", ArithmeticChoice)] = (
        ArithmeticChoice()
    )
    adapter: AdapterModel | None = None
    expect: Annotated[
        Known | None,
        BeforeValidator(
            lambda value: None if value == "conforms" else value,
            json_schema_input_type=Literal["conforms"] | Known,
        ),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def of_process(cls, data: Any) -> Any:
        """An entry of a program needs no backend, and names its constants in a list."""
        if not isinstance(data, dict) or "process" not in data:
            return data
        made = {"backend": "numpy", **data}
        constants = data.get("constants")
        if isinstance(constants, list) and all(isinstance(name, str) for name in constants):
            made["constants"] = {name: {"call": PROGRAM} for name in constants}
        return made


class CatalogueModel(_Part):
    """The whole file."""

    schema_version: Literal[1] = Field(alias="schema")
    entries: tuple[EntryModel, ...]
