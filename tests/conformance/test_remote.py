"""A program is judged as functions are; what it breaks is its verdict and nobody else's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import harness.conformance.subjects
from harness.conformance.execute import Event, execute
from harness.conformance.job import Job
from harness.conformance.kinds import KINDS
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Verdict
from harness.conformance.workbench import Workbench
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry, Implementation, Process
from harness.protocol.stream import Stream
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.protocol.doubles import RIGHT, Fake

ALL = ("softmaxVec", "softmaxJvp", "sumExp", "dotCLM")
ONE = Request(names=("sumExp",), dtypes=("float32",), effort="quick")
NUMPY = next(e for e in load_catalogue() if e.name == "numpy")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> SpecLibrary:
    """The specs of sumExp and dotCLM: nothing takes long."""
    folder = tmp_path_factory.mktemp("few")
    for name in ("Vec", "sumExp", "dotCLM", "dotCLM_apply"):
        shutil.copy(find_specs(None).path / "softmax" / f"{name}.yaml", folder)
    return load_specs(folder)


def entry(*constants: str, dtypes: Sequence[str] = ("float32",), **fields: Any) -> Entry:
    return Entry(
        "fake",
        "numpy",
        {constant: Implementation("process:<fake>") for constant in constants},
        tuple(dtypes),
        process=Process(("fake",)),
        **fields,
    )


def run(
    library: SpecLibrary,
    fakes: Callable[[], Stream] | Sequence[Fake],
    request: Request = ONE,
    entries: Sequence[Entry] = (),
    on_event: Callable[[Event], None] | None = None,
    *,
    compared: bool = False,
) -> dict[tuple[str, str, str], CheckResult]:
    """(declaration, check, entry) -> result, exact reals left out. fakes: what is started;
    compared: with the checks that compare calls."""
    left = list(fakes) if not callable(fakes) else []
    starter = fakes if callable(fakes) else lambda: left.pop(0)
    entries = entries or (entry("sumExp"),)
    wanted = [job for job in jobs(request, library, entries) if job.entry]
    with_floats = [job for job in wanted if compared or job.check not in KINDS]
    results = execute(
        request,
        library,
        entries,
        on_event=on_event,
        only=with_floats,
        starter=lambda process: starter(),
    )
    return {(r.declaration, r.check, r.entry): r for r in results}


def only(results: Mapping[Any, CheckResult]) -> CheckResult:
    (result,) = results.values()
    return result


def test_a_right_program_conforms_as_the_function_does(few: SpecLibrary) -> None:
    request = replace(ONE, names=("sumExp", "dotCLM", "dotCLM_apply"))
    found = run(few, Fake, request, (entry("sumExp", "dotCLM"), NUMPY))
    assert len(found) == 8
    for (declaration, check, who), result in found.items():
        assert result.verdict is Verdict.CONFORMS
        ours = found[declaration, check, "numpy"]
        assert (result.cases, result.worst_ratio) == (ours.cases, ours.worst_ratio), who


def test_calls_of_a_right_program_agree(few: SpecLibrary) -> None:
    request = replace(ONE, effort="default")
    found = run(few, Fake, request, compared=True)
    assert set(KINDS) < {check for _, check, _ in found}
    for (_, check, _), result in found.items():
        # Arrays arrive in one layout.
        packed = check == "layout"
        assert result.verdict is (Verdict.UNSUPPORTED if packed else Verdict.CONFORMS), result


def test_other_layouts_are_counted_and_not_judged(few: SpecLibrary) -> None:
    request = replace(ONE, effort="default")
    found = run(few, Fake, request, (entry("sumExp"), NUMPY))
    program, function = (found["sumExp", "definition", who] for who in ("fake", "numpy"))
    assert program.verdict is function.verdict is Verdict.CONFORMS
    assert program.unsupported > 0 == function.unsupported
    assert program.cells + program.unsupported == function.cells
    (note,) = program.notes
    assert note.startswith(f"{program.unsupported} cells in other memory layouts not judged")


def test_a_wrong_program_violates_and_its_input_is_shrunk(few: SpecLibrary) -> None:
    found = only(run(few, lambda: Fake({"sumExp": lambda x: 2 * RIGHT["sumExp"](x)})))
    assert found.verdict is Verdict.VIOLATES
    assert found.violation is not None and found.violation.kind == "value"
    shrunk = found.violation.shrunk
    assert shrunk is not None and shrunk.violation.case is not None
    assert shrunk.violation.case.n == 1
    assert "def sumExp(*arguments):" in shrunk.snippet


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        (lambda x: RIGHT["sumExp"](x)[..., None], "shape", "returned shape (13, 1), not (13,)"),
        (lambda x: RIGHT["sumExp"](x) * np.nan, "nan", "sumExp is nan"),
    ],
)
def test_what_is_wrong_with_a_result(
    few: SpecLibrary, function: Any, kind: str, message: str
) -> None:
    found = only(run(few, lambda: Fake({"sumExp": function})))
    violation = found.violation or found.violation_n0
    assert found.verdict is Verdict.VIOLATES
    assert violation is not None and (violation.kind, violation.message[: len(message)]) == (
        kind,
        message,
    )


def test_an_error_is_the_verdict_of_its_call(few: SpecLibrary) -> None:
    class Refuses(Fake):
        def answer(self, message: Any, numbers: bytes) -> None:
            if message["arguments"][0]["shape"][-1] == 2:
                self.calls += 1
                self.say({"kind": "error", "id": message["id"], "message": "no\npairs"})
            else:
                super().answer(message, numbers)

    found = only(run(few, Refuses))
    assert found.violation is not None and found.verdict is Verdict.VIOLATES
    assert (found.violation.kind, found.violation.message) == ("exception", "no pairs")
    assert found.cases > 100


def test_a_program_without_batches_is_called_for_each_vector(few: SpecLibrary) -> None:
    class Alone(Fake):
        def __init__(self) -> None:
            super().__init__(hello={"batch": False, "min_n": 1})

        def answer(self, message: Any, numbers: bytes) -> None:
            assert all(len(told["shape"]) == 1 for told in message["arguments"])
            super().answer(message, numbers)

    found = only(run(few, Alone))
    assert found.verdict is Verdict.CONFORMS and found.cases_n0 == 0
    assert any("one vector at a time" in note for note in found.notes)


def test_what_the_hello_lacks_is_unsupported(few: SpecLibrary) -> None:
    request = replace(ONE, names=("sumExp", "dotCLM_apply"), dtypes=("float32", "float16"))
    one = entry("sumExp", "dotCLM", dtypes=("float32", "float16"))
    session = Session(request, few, (one,), starter=lambda _: Fake({"sumExp": RIGHT["sumExp"]}))
    told = {}
    for job in jobs(request, few, (one,)):
        if job.entry:
            result = session.run(job)
            told[job.declaration, job.check, job.dtype] = (result.verdict, *result.notes)
    session.close()
    assert told["sumExp", "definition", "float32"] == (Verdict.CONFORMS,)
    lacks = (Verdict.UNSUPPORTED, "the program of fake does not offer dotCLM")
    assert told["dotCLM", "definition", "float32"] == lacks
    assert told["dotCLM_apply", "theorem", "float32"] == lacks
    half = (Verdict.UNSUPPORTED, "the program of fake has no float16")
    assert told["sumExp", "definition", "float16"] == half


def test_a_promise_that_does_not_exist_is_a_violation(few: SpecLibrary) -> None:
    found = only(run(few, lambda: Fake(hello={"constants": {"sumExp": "iee"}})))
    assert found.violation is not None and found.violation.kind == "protocol"
    assert "did you mean 'ieee'?" in found.violation.message


@pytest.fixture(scope="module")
def checked(few: SpecLibrary) -> Iterator[Callable[[Fake], CheckResult]]:
    """The check of sumExp for a program, its bye included; all else is made once."""
    benches: dict[str, Workbench] = {}
    one = entry("sumExp")
    job = Job("sumExp", "definition", "fake", "float32", "cpu")
    request = replace(ONE, shrink=False)

    def check(fake: Fake) -> CheckResult:
        session = Session(request, few, (one,), lambda _: fake, benches)
        return session.parted(job, session.run(job))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(harness.conformance.subjects, "load_catalogue", cache(load_catalogue))
        yield check


@pytest.fixture(scope="module")
def whole(checked: Callable[[Fake], CheckResult]) -> bytes:
    """All that a right program says in that check."""
    fake = Fake()
    assert checked(fake).verdict is Verdict.CONFORMS
    return bytes(fake.said)


def places(whole: bytes) -> list[int]:
    """Every byte of the hello, of the first answers and of the bye; some of all between."""
    first = whole.index(b'"id": 3')
    return sorted(
        {*range(first), *range(first, len(whole), 173), *range(len(whole) - 30, len(whole))}
    )


@pytest.mark.parametrize(("stops", "kind"), [(True, "crash"), (False, "hang")])
def test_cut_at_any_byte_it_never_conforms(
    checked: Callable[[Fake], CheckResult], whole: bytes, stops: bool, kind: str
) -> None:
    for cut in places(whole):
        found = checked(Fake(cut=cut, stops=stops))
        assert found.verdict is Verdict.VIOLATES and found.violation is not None
        assert found.violation.kind == kind
    assert checked(Fake(cut=len(whole), stops=stops)).verdict is Verdict.CONFORMS


@pytest.mark.slow
def test_spoilt_at_any_byte_it_conforms_only_where_nothing_was_said(
    checked: Callable[[Fake], CheckResult], whole: bytes
) -> None:
    """Free are its name and version, what it could do besides, and the white space of JSON."""
    used = [b'"kind"', b'"hello"', b'"protocol"', b'"name"', b'"constants"', b'"sumExp"']
    used += [b'"dtypes"', b'"float32"']
    meant = {whole.index(text) + k for text in used for k in range(len(text))}
    hello = whole.index(b"\n")
    for place in places(whole):
        found = checked(Fake(spoilt={place: 0x01 if place % 2 else 0xFF}))
        assert not any("harness itself" in note for note in found.notes)
        if place in meant or (place > hello and not chr(whole[place]).isspace()):
            assert found.verdict in (Verdict.VIOLATES, Verdict.UNSUPPORTED), whole[:place]


def test_a_failure_is_its_own_and_the_next_check_starts_anew(few: SpecLibrary) -> None:
    request = replace(ONE, names=("sumExp", "dotCLM"))
    found = run(few, [Fake(cut=500), Fake()], request, (entry("sumExp", "dotCLM"), NUMPY))
    verdicts = {key: result.verdict for key, result in found.items()}
    assert verdicts.pop(("dotCLM", "definition", "fake")) is Verdict.VIOLATES
    assert set(verdicts.values()) == {Verdict.CONFORMS}


def test_after_three_failures_the_rest_is_not_run(few: SpecLibrary) -> None:
    request = replace(ONE, names=("sumExp", "dotCLM", "dotCLM_apply"))
    one = entry("sumExp", "dotCLM")
    found = run(few, [Fake(cut=10) for _ in range(3)], request, (one, NUMPY))
    verdicts = [result.verdict for result in found.values() if result.entry == "fake"]
    assert verdicts == [Verdict.VIOLATES] * 3 + [Verdict.NOT_RUN]
    left = next(r for r in found.values() if r.verdict is Verdict.NOT_RUN)
    assert left.notes[0].startswith("its program failed 3 times and was not started again; last:")
    assert {r.verdict for r in found.values() if r.entry == "numpy"} == {Verdict.CONFORMS}


def test_a_check_that_a_program_fails_in_makes_no_further_call(few: SpecLibrary) -> None:
    started = []

    def start() -> Fake:
        started.append(Fake(cut=3000))
        return started[-1]

    found = only(run(few, start))
    assert found.verdict is Verdict.VIOLATES and found.violations == 1
    assert len(started) == 1 and started[0].killed


def test_a_bad_end_is_the_verdict_of_the_last_check(few: SpecLibrary) -> None:
    class Stays(Fake):
        @property
        def ended(self) -> bool:
            return False

    request = replace(ONE, names=("sumExp", "dotCLM"))
    found = run(few, Stays, request, (entry("sumExp", "dotCLM"),))
    *first, last = found.values()
    assert {result.verdict for result in first} == {Verdict.CONFORMS}
    assert last.verdict is Verdict.VIOLATES and last.cases > 0
    assert last.violation is not None and last.violation.kind == "hang"


def test_ctrl_c_ends_the_program(few: SpecLibrary) -> None:
    fake = Fake()

    def interrupt(event: Event) -> None:
        if event.kind == "start" and fake.calls:
            raise KeyboardInterrupt

    request = replace(ONE, names=("sumExp", "dotCLM"))
    found = run(few, [fake], request, (entry("sumExp", "dotCLM"),), interrupt)
    assert [r.verdict for r in found.values()].count(Verdict.CONFORMS) == 1
    assert fake.killed and not fake.over
