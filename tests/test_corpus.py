"""Kept cases in files: written once, read back, named by what they ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.conformance.job import Job
from harness.conformance.verdict import Verdict
from harness.corpus import KeptCall, KeptCase, corpus_files, corpus_folder, keep_cases, read_case
from harness.errors import InputError
from harness.testing import conformance


def case(number: str = "0x1p+0", **fields: object) -> KeptCase:
    call = KeptCall(sizes={"n": 1}, batch=(), view="contiguous", numbers={"x": [number]})
    base: dict[str, object] = {
        "schema": 1,
        "declaration": "sumExp",
        "check": "definition",
        "part": 0,
        "entry": "mine-numpy",
        "dtype": "float32",
        "device": "cpu",
        "calls": (call,),
        "kind": "value",
        "message": "m",
        "origin": "",
    }
    return KeptCase.model_validate({**base, **fields})


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    assert keep_cases([case(), case("0x1p+1")], None, tmp_path) is None
    folder = corpus_folder(None, tmp_path)
    files = corpus_files(folder)
    kept = [read_case(file).case for file in files]
    assert case() in kept and case("0x1p+1") in kept and len(kept) == 2
    assert [file.stem for file in files] == sorted(read_case(file).case.name for file in files)
    assert (tmp_path / ".crosscheck" / ".gitignore").read_text() == "*\n"


def test_a_named_folder_is_not_ignored_by_git(tmp_path: Path) -> None:
    named = tmp_path / "corpus"
    assert keep_cases([case()], named, tmp_path) is None
    assert [file.suffix for file in named.iterdir()] == [".json"]
    assert not (tmp_path / ".crosscheck").exists()


def test_the_name_is_of_the_question_and_the_input() -> None:
    assert case().name == case(message="other", kind="nan", device="cuda", origin="o").name
    names = {one.name for one in (case(), case("0x0p+0"), case(dtype="float64"), case(entry="e"))}
    assert len(names) == 4 and all(name.startswith("sumExp-") for name in names)
    assert case(declaration="a/b'c").name.startswith("a%2Fb%27c-")


def test_no_folder_is_an_empty_corpus(tmp_path: Path) -> None:
    assert corpus_files(tmp_path / "absent") == ()


def test_a_folder_in_the_way_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problem = keep_cases([case()], tmp_path / "file", tmp_path)
    assert problem is not None and problem.startswith("violations are not kept in")


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_case(tmp_path / "x.json")
    (tmp_path / "y.json").write_text("[" * 100_000)
    with pytest.raises(InputError):
        read_case(tmp_path / "y.json")


def doubled_when_long(x: Any) -> Any:
    return np.exp(x).sum(axis=-1, dtype=x.dtype) * x.dtype.type(2 if x.shape[-1] > 1000 else 1)


def test_a_suite_tries_kept_cases_first(tmp_path: Path) -> None:
    zeros = [(0.0).hex()] * 1001
    call = KeptCall(sizes={"n": 1001}, batch=(), view="contiguous", numbers={"x": zeros})
    entry = f"{__name__}-numpy"
    assert keep_cases([case(calls=(call,), entry=entry)], tmp_path / "kept", tmp_path) is None
    job = Job("sumExp", "definition", entry, "float32", "cpu")
    for corpus, verdict in ((None, Verdict.CONFORMS), (tmp_path / "kept", Verdict.VIOLATES)):
        suite = conformance(
            {"sumExp": doubled_when_long}, backend="numpy", dtypes=["float32"], corpus=corpus
        )
        assert suite.run(job).verdict is verdict
    (tmp_path / "kept" / "other.json").write_text("{}")
    with pytest.raises(InputError, match="not a case of crosscheck"):
        _ = conformance({"sumExp": doubled_when_long}, corpus=tmp_path / "kept").session
