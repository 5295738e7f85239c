"""The catalogue: what ours says, what a user's may say, and where its errors point."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.evaluate.arithmetic import NAMED, Arithmetic
from harness.evaluate.formats import FORMATS
from harness.implementations.adapter import Adapter, Axis, Returns
from harness.implementations.catalogue import load_catalogue
from harness.implementations.catalogue_model import ArithmeticChoice, Dtype
from harness.implementations.entry import Entry, Expectation
from harness.implementations.resolve import callable_of

CONSTANTS = {
    "softmaxVecOfFun",
    "sumExp",
    "softmaxVec",
    "dotCLM",
    "softmaxDerivCoord",
    "softmaxDerivCLM",
    "softmaxJvp",
    "ContinuousLinearMap.pi",
}

MINIMAL = """\
schema: 1
entries:
  - name: mine
    backend: numpy
    dtypes: [float32]
    constants:
      softmaxVec: my_softmax:softmax
"""


def load(tmp_path: Path, text: str) -> tuple[Entry, ...]:
    path = tmp_path / "catalogue.yaml"
    path.write_text(text, encoding="utf-8")
    return load_catalogue(path)


def test_ours_names_every_constant_and_everything_imports() -> None:
    entries = {entry.name: entry for entry in load_catalogue()}
    assert set(entries) == {"numpy", "torch", "torch.softmax"}
    assert set(entries["numpy"].constants) == set(entries["torch"].constants) == CONSTANTS
    for entry in entries.values():
        assert not entry.expectation.violates and entry.min_n == 0
        for constant, implementation in entry.constants.items():
            assert callable(callable_of(entry, constant))
            assert implementation.arithmetic == NAMED["ieee"]
    assert entries["numpy"].dtypes == ("float64", "float32", "float16")
    assert entries["torch"].dtypes == ("float64", "float32", "float16", "bfloat16")
    assert entries["torch"].devices == ("cpu", "cuda") and entries["numpy"].devices == ("cpu",)
    assert entries["torch.softmax"].constants["softmaxVec"].keywords == {"dim": -1}


def test_a_minimal_catalogue_and_its_defaults(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, MINIMAL)
    assert (entry.name, entry.backend, entry.dtypes) == ("mine", "numpy", ("float32",))
    assert (entry.devices, entry.library, entry.min_n) == (("cpu",), None, 0)
    assert entry.expectation == Expectation()
    one = entry.constants["softmaxVec"]
    assert one.reference == "my_softmax:softmax" and one.keywords == {}
    assert one.arithmetic == NAMED["ieee"] and one.folder == tmp_path
    assert one.place is not None and (one.place.line, one.place.column) == (7, 19)


def test_a_full_catalogue(tmp_path: Path) -> None:
    (entry,) = load(
        tmp_path,
        """\
schema: 1
entries:
  - name: other-2.0
    library: torch
    backend: torch
    dtypes: [bfloat16]
    devices: [cuda]
    min_n: 1
    arithmetic: exp2
    adapter: {keywords: {dim: "-1", stable: "true", mode: fast, eps: "1e-3", count: 2}}
    constants:
      softmaxVec: a.b:C.softmax
      softmaxJvp:
        call: a.b:jvp
        arithmetic: {base: online, exp_ulp: "2.5", order: lanes, exact: "true", forms: [factored]}
        adapter: {keywords: {axis: 1}}
    expect:
      violates: [softmaxVec, inner_softmaxJvp_comm]
      reason: it is fast
      link: https://example.org/issue/1
      case: some-case
""",
    )
    assert (entry.library, entry.devices, entry.min_n) == ("torch", ("cuda",), 1)
    vec, jvp = entry.constants["softmaxVec"], entry.constants["softmaxJvp"]
    assert vec.arithmetic == NAMED["exp2"]
    assert vec.keywords == {"dim": -1, "stable": True, "mode": "fast", "eps": 1e-3, "count": 2}
    assert jvp.keywords == {"axis": 1}
    assert jvp.arithmetic.name.startswith("online with exp_ulp=2.5, order=lanes")
    expected = dataclasses.replace(
        NAMED["online"],
        name=jvp.arithmetic.name,
        exp_ulp=2.5,
        order="lanes",
        exact=True,
        forms=frozenset({"factored"}),
    )
    assert jvp.arithmetic == expected
    assert entry.expectation == Expectation(
        ("softmaxVec", "inner_softmaxJvp_comm"),
        "it is fast",
        "https://example.org/issue/1",
        "some-case",
    )


def test_an_adapter_and_what_it_needs(tmp_path: Path) -> None:
    (entry,) = load(
        tmp_path,
        """\
schema: 1
entries:
  - name: lifted
    library: jax
    requires: [ml_dtypes]
    backend: numpy
    dtypes: [float32, bfloat16]
    max_n: 4096
    adapter: {axis: axis, arrays: jax}
    constants:
      softmaxVec: jax.nn:softmax
      softmaxJvp:
        call: mine:jvp
        adapter: {order: [1, 0], axis: {position: 2, along: first}, rows: flat, returns: {item: 0}}
      sumExp: {call: "mine:total", adapter: {names: [values], returns: {attribute: total}}}
""",
    )
    assert entry.needed == ("jax", "ml_dtypes") and entry.max_n == 4096
    vec, jvp, total = entry.constants.values()
    assert vec.adapter == Adapter(axis=Axis("axis"), arrays="jax")
    assert jvp.adapter == Adapter(
        axis=Axis(position=2, along="first"), rows="flat", order=(1, 0), returns=Returns(item=0)
    )
    assert total.adapter == Adapter(names=("values",), returns=Returns(attribute="total"))


REFERENCE = "my_softmax:softmax"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("name: mine", "nmae: mine", 3, "unknown key 'nmae'"),
        ("name: mine", "name: a b", 3, "'name' cannot be 'a b'"),
        ("backend: numpy", "backend: jax", 4, "'backend' cannot be 'jax'"),
        ("[float32]", "[float23]", 5, "did you mean 'float32'?"),
        ("[float32]", "[]", 5, "'dtypes' is empty"),
        ("[float32]", "float32", 5, "'dtypes' is not a list"),
        ("[float32]", "[bfloat16]", 5, "numpy has no bfloat16"),
        ("[float32]", "[float32]\n    devices: [cuda]", 6, "numpy has no cuda"),
        ("[float32]", "[float32]\n    min_n: many", 6, "'min_n' cannot be 'many'"),
        ("[float32]", "[float32]\n    arithmetic: eiee", 6, "did you mean 'ieee'?"),
        ("[float32]", "[float32]\n    arithmetic: {base: x}", 6, "no arithmetic is called 'x'"),
        ("[float32]", "[float32]\n    arithmetic: {order: up}", 6, "'order' cannot be 'up'"),
        ("[float32]", "[float32]\n    arithmetic: {ordre: any}", 6, "did you mean 'order'?"),
        ("[float32]", "[float32]\n    adapter: {keywords: {a: [1]}}", 6, "'a' is not one value"),
        ("[float32]", "[float32]\n    adapter: transpose", 6, "'adapter' is not a mapping"),
        ("[float32]", "[float32]\n    expect: failure", 6, "'expect' is not a mapping"),
        ("[float32]", "[float32]\n    expect: {violates: f}", 6, "'reason' is missing"),
        ("[float32]", "[float32]\n    adapter: {rows: all}", 6, "write 'loop' or 'flat'"),
        ("[float32]", "[float32]\n    adapter: {arrays: jaxx}", 6, "did you mean 'jax'?"),
        ("[float32]", "[float32]\n    adapter: {order: [0, 2]}", 6, "[0, 2] is no order"),
        ("[float32]", "[float32]\n    adapter: {order: [0], names: [x]}", 6, "need no order"),
        (
            "[float32]",
            "[float32]\n    adapter: {axis: {keyword: a, position: 1}}",
            6,
            "both keyword and position",
        ),
        ("[float32]", "[float32]\n    adapter: {axis: {along: top}}", 6, "'along' cannot be 'top'"),
        (
            "[float32]",
            "[float32]\n    adapter: {axis: dim, keywords: {dim: 1}}",
            6,
            "it is the axis",
        ),
        ("[float32]", "[float32]\n    adapter: {returns: {itme: 0}}", 6, "did you mean 'item'?"),
        ("[float32]", "[float32]\n    max_n: 3\n    min_n: 4", 6, "max_n is below min_n"),
        (REFERENCE, "''", 7, "'softmaxVec' is empty"),
        (REFERENCE, "my_softmax.softmax", 7, "'my_softmax.softmax' is not MODULE:FUNCTION"),
        (REFERENCE, "{call: a.py:f}", 7, "write a:f"),
        (REFERENCE, "{call: 'a:f', arithmetic: no}", 7, "YAML reads 'no' as a boolean"),
        (REFERENCE, "{call: 'a:f', arithmetic: naive}", 7, "no arithmetic is called 'naive'"),
        (REFERENCE, "{cal: 'a:f'}", 7, "unknown key 'cal'"),
        (REFERENCE, "[a, f]", 7, "'softmaxVec' is not a mapping"),
        (REFERENCE, "!!python/name:os.system", 7, "the YAML tag"),
        ("schema: 1", "schema: 2", 1, "'schema' cannot be 2"),
    ],
)
def test_errors_have_a_place_and_a_remedy(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, MINIMAL.replace(old, new))
    error = caught.value
    assert said in str(error) and "\n" not in str(error)
    assert error.place is not None and error.place.line == line
    assert error.place.file.endswith("catalogue.yaml") and error.source


def test_a_name_that_is_used_twice(tmp_path: Path) -> None:
    entry = MINIMAL.partition("entries:\n")[2]
    with pytest.raises(InputError, match="a second entry is called 'mine'") as caught:
        load(tmp_path, MINIMAL + entry)
    assert caught.value.place is not None and caught.value.place.line == 8


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a file"):
        load_catalogue(tmp_path / "absent.yaml")


def test_the_model_follows_formats_and_arithmetic() -> None:
    assert set(typing.get_args(Dtype)) == set(FORMATS)
    fields = {field.name for field in dataclasses.fields(Arithmetic)}
    assert set(ArithmeticChoice.model_fields) - {"base"} == fields - {"name"}
