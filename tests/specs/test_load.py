"""Loading folders: what is found, what is refused, and where each error points."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import InputError
from harness.specs.library import SpecLibrary
from harness.specs.load import load_spec, load_specs
from harness.specs.locate import find_specs
from tests.specs.conftest import Change

SPECS = find_specs(None).path
REQUIRED = {
    "softmaxVecOfFun",
    "softmaxVecOfFun_apply",
    "sumExp",
    "softmaxVec",
    "dotCLM",
    "dotCLM_apply",
    "softmaxDerivCoord",
    "softmaxDerivCLM",
    "pi_apply_vec",
    "softmaxJvp",
    "softmaxJvp_eq_deriv",
    "inner_softmaxJvp_comm",
    "hasFDerivAt_softmaxVec",
}


def failure(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_specs(folder)
    return caught.value


def test_the_thirteen_are_required_each_by_its_own_requirement(library: SpecLibrary) -> None:
    required = [spec for spec in library.specs if spec.role == "required"]
    assert {spec.short_name for spec in required} == REQUIRED
    ids = sorted(spec.provenance.requirement for spec in required)
    assert ids == [f"SOFTMAX-{number:02d}" for number in range(1, 14)]


def test_a_requirement_reads_the_same_everywhere(library: SpecLibrary) -> None:
    texts = {(spec.provenance.requirement, spec.provenance.text) for spec in library.specs}
    assert len(texts) == 13


def test_cited_lemmas_have_specs_of_their_own(library: SpecLibrary) -> None:
    cited = [spec.equation.lemma for spec in library.specs if spec.kind == "def"]
    cited += [fact.lemma for spec in library.specs if spec.kind == "def" for fact in spec.facts]
    assert len(cited) >= 9
    assert {library.by_name(lemma).kind for lemma in cited} == {"theorem"}


@pytest.mark.parametrize("path", sorted(SPECS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_files_are_named_after_declarations_and_name_the_schema(path: Path) -> None:
    assert load_spec(path).short_name == path.stem
    first = path.read_text(encoding="utf-8").split("\n")[0]
    assert first == "# yaml-language-server: $schema=../spec.schema.json"
    assert (path.parent / "../spec.schema.json").is_file()


def test_order_does_not_depend_on_the_file_system(library: SpecLibrary) -> None:
    names = [spec.name for spec in library.specs]
    assert names == sorted(names)


def test_a_missing_or_empty_folder(tmp_path: Path) -> None:
    assert "is not a folder" in failure(tmp_path / "none").message
    error = failure(tmp_path)
    assert f"no specs in {tmp_path}" in error.message
    assert error.hint


def test_a_yml_file_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("")
    error = failure(tmp_path)
    assert "a.yml would not be read" in error.message
    assert ".yaml" in error.hint


def test_hidden_files_are_passed_over(changed: Change) -> None:
    folder = changed("sumExp", "summary", "summary")
    (folder / ".draft.yaml").write_text("a: [")
    assert len(load_specs(folder).specs) == 23


def test_another_file_joins_the_library(tmp_path: Path, library: SpecLibrary) -> None:
    text = (SPECS / "softmax" / "sumExp_apply.yaml").read_text(encoding="utf-8")
    extra = tmp_path / "extra.yaml"
    extra.write_text(text.replace("sumExp_apply", "again"), encoding="utf-8")
    joined = load_specs(SPECS, also=[extra, SPECS / "softmax" / "sumExp.yaml"])
    assert len(joined.specs) == len(library.specs) + 1
    assert joined.select([str(extra)]) == (joined.by_name("again"),)


def test_paths_are_shown_relative_to_the_current_folder(
    changed: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = changed("sumExp", "summary", "sumary")
    monkeypatch.chdir(folder.parent)
    place = failure(folder.resolve()).place
    assert place is not None
    assert Path(place.file) == Path("specs/softmax/sumExp.yaml")


@pytest.mark.parametrize(
    ("old", "new", "at", "message", "hint"),
    [
        ("kind: def", "kind: deff", "deff", "unknown kind 'deff'", "'def'"),
        ("kind: def\n", "", "schema: 1", "'kind' is missing", "def, abbrev, theorem"),
        ("schema: 1", "schema: [", ":", "not YAML", "quote"),
        ("summary:", "sumary:", "sumary", "unknown key 'sumary'", "'summary'"),
    ],
)
def test_a_file_that_is_no_spec(
    changed: Change, old: str, new: str, at: str, message: str, hint: str
) -> None:
    error = failure(changed("sumExp", old, new))
    assert message in error.message
    assert hint in error.hint
    assert error.place is not None
    assert error.source is not None
    assert error.source[error.place.column - 1 :].startswith(at)
    assert Path(error.place.file).stem == "sumExp"


TEXTS = """∀ |{n : ℕ} |(x : Vec n)|, |sumExp |x |= |( |) |fun |i => |∑ |: |'|"|#|\n|\n  |→ |Fin n \
|1/0 |‖|⟪|ℝ |·|&|!x |Vec 0|n + 1|-|Real.exp |∧ |x i|HasFDerivAt """
PIECES = st.sampled_from([*TEXTS.split("|"), "|"])


@settings(deadline=None, max_examples=150)
@given(
    st.lists(PIECES, max_size=12).map("".join), st.sampled_from(['"', "'", "", ">-\n  ", "|\n  "])
)
def test_any_statement_loads_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str, quote: str
) -> None:
    folder = tmp_path_factory.mktemp("specs")
    own = (SPECS / "softmax" / "sumExp_apply.yaml").read_text(encoding="utf-8")
    start = own.index("statement:")
    written = f"{quote}{text}{quote if len(quote) == 1 else ''}"
    rest = own[own.index("provenance:") :]
    (folder / "a.yaml").write_text(f"{own[:start]}statement: {written}\n{rest}", encoding="utf-8")
    try:
        load_specs(folder, also=[SPECS / "softmax" / "sumExp.yaml"])
    except InputError as error:
        assert error.place is not None
