"""The model's complaints come with the place in the file and with what to write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import InputError
from harness.specs.model import DefSpec, Licence, Provenance, TheoremSpec, Unfolding
from harness.specs.validate import validated
from harness.specs.yaml_load import parse_document

THEOREM = """\
schema: 1
name: Proofs.Autograd.one
kind: theorem
role: support
file: Proofs/Autograd/Softmax.lean
summary: A summary.
statement: "∀ {n : ℕ} (x : Vec n), sumExp x = sumExp x"
rewrite:
  - constant: sumExp
    form: other
    choose: {c: neg_max}
provenance:
  requirement: SOFTMAX-03
  text: What it requires.
"""


def theorem(text: str) -> TheoremSpec:
    return validated(parse_document(text.encode(), "a.yaml"), TheoremSpec)


def test_a_theorem_is_read() -> None:
    spec = theorem(THEOREM)
    assert (spec.short_name, spec.namespace) == ("one", "Proofs.Autograd")
    assert spec.rewrite[0].choose == {"c": "neg_max"}
    assert spec.unfolds is None
    assert spec.fingerprint is None


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "hint"),
    [
        ("summary:", "sumary:", "6:1", "unknown key 'sumary'; 1 more", "'summary'"),
        ("    form:", "    from:", "10:5", "unknown key 'from' in 'rewrite'", "'form'"),
        ("summary:", "tolerance: x\nsummary:", "6:1", "unknown key 'tolerance'", "known keys:"),
        ("  requirement: SOFTMAX-03\n", "", "12:1", "'requirement' is missing", "add requirement"),
        ("role: support\n", "", "1:1", "'role' is missing", "add role: ... required: a"),
        ("role: support", "role: suport", "4:7", "'role' cannot be 'suport'", "'support'"),
        ("schema: 1", "schema: 2", "1:9", "'schema' cannot be 2", "write 1"),
        ("summary: A", "summary: 12 #", "6:10", "'summary' is not a text", "quotes"),
        ("name: Proofs.Autograd.one", "name: one", "2:7", "cannot be 'one'", "Proofs.Autograd."),
        ("Softmax.lean", "../x.lean", "5:7", "'file' cannot be", "Proofs/Autograd/Softmax.lean"),
        ("A summary.", "|\n  two\n  lines", "7:3", "'summary' cannot be", "one line"),
        ("neg_max", "minus_max", "11:17", "'c' cannot be 'minus_max'", "'neg_max'"),
        ("    choose: {c: neg_max}", "    choose: x", "11:13", "'choose' is not a mapping", ""),
        (
            "provenance:\n",
            "provenance: x\nwhence:\n",
            "13:1",
            "unknown key 'whence'; 1 more",
            "known",
        ),
        ("role: support", "role: support\nfingerprint: scan1:0", "5:14", "'fingerprint'", "scan1"),
        ("rewrite:\n", "rewrite: x\nother:\n", "9:1", "unknown key 'other'", "known keys:"),
    ],
)
def test_what_is_wrong_is_placed(old: str, new: str, place: str, message: str, hint: str) -> None:
    assert old in THEOREM
    with pytest.raises(InputError) as caught:
        theorem(THEOREM.replace(old, new))
    error = caught.value
    assert str(error).startswith(f"a.yaml:{place}: ")
    assert message in error.message
    assert hint in error.hint
    assert error.source is not None


def test_keys_of_another_kind_are_unknown() -> None:
    with pytest.raises(InputError, match="unknown key 'statement'") as caught:
        validated(parse_document(THEOREM.encode(), "a.yaml"), DefSpec)
    assert "equation" in caught.value.hint


MODELS = (TheoremSpec, Licence, Provenance, Unfolding)
NAMES = {f.alias or name for model in MODELS for name, f in model.model_fields.items()}
KEYS = st.sampled_from(["c", "other", *sorted(NAMES)])
VALUES = st.sampled_from(
    [
        "1",
        "2",
        "theorem",
        "support",
        "A.b",
        "a",
        "F/G.lean",
        "neg_max",
        "'two\\n lines'",
        "[]",
        "''",
    ]
)
DATA = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(KEYS, inner, max_size=4).map(
            lambda data: f"{{{', '.join(f'{key}: {value}' for key, value in data.items())}}}"
        )
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(KEYS, DATA, max_size=14))
def test_any_data_is_a_spec_or_refused_in_its_place(data: dict[str, str]) -> None:
    text = "kind: theorem\n" + "".join(
        f"{key}: {value}\n" for key, value in data.items() if key != "kind"
    )
    try:
        theorem(text)
    except InputError as error:
        assert error.place is not None
        assert error.source is not None
        assert "\n" not in str(error)
