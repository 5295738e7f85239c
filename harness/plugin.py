"""The pytest plugin: collects `harness.testing` suites as one test per declaration and dtype."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from harness.testing import Suite

if TYPE_CHECKING:
    from harness.conformance.job import Job


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> pytest.Collector | None:
    """A suite bound to a module's name becomes a collector of its tests."""
    if isinstance(obj, Suite):
        made: SuiteCollector = SuiteCollector.from_parent(collector, name=name, suite=obj)
        return made
    return None


class SuiteCollector(pytest.Collector):
    """The tests of one suite."""

    def __init__(self, *, suite: Suite, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suite = suite

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each declaration, entry, dtype and device."""
        from harness.errors import InputError

        try:
            tests = self.suite.tests()
        except InputError as error:
            raise self.CollectError(error.with_caret()) from None
        if not tests:
            raise self.CollectError("no declaration of the specs names any of these constants")
        for name, jobs in tests.items():
            yield SuiteItem.from_parent(self, name=name, suite=self.suite, jobs=jobs)

    def teardown(self) -> None:
        """Programs that the suite started must end properly, too."""
        if troubles := self.suite.end():
            pytest.fail("\n".join(troubles), pytrace=False)


class SuiteItem(pytest.Item):
    """One test: all checks of a declaration for one entry, dtype and device."""

    def __init__(self, *, suite: Suite, jobs: tuple[Job, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.suite = suite
        self.jobs = jobs

    def runtest(self) -> None:
        """Fail on a finding, skip with the reason where nothing could be judged."""
        from harness.conformance.verdict import FINDINGS, Verdict
        from harness.conformance.words import told
        from harness.errors import InputError

        try:
            results, known = self.suite.settled([self.suite.run(job) for job in self.jobs])
        except InputError as error:
            pytest.fail(error.with_caret(), pytrace=False)
        wrong = [r for r in results if r.verdict in FINDINGS and r.expected == "conforms"]
        stale = [f"{k.entry}: {k.message} ({k.place})" for k in known if k.status == "stale"]
        if wrong or stale:
            text = "\n\n".join([*stale, *(told(result) for result in wrong)])
            pytest.fail(text, pytrace=False)
        if any(r.expected == "violates" for r in results):
            pytest.xfail("; ".join(dict.fromkeys(k.reason for k in known)) or "a known failure")
        if not any(r.verdict is Verdict.CONFORMS for r in results):
            pytest.skip("; ".join(told(result) for result in results))

    def reportinfo(self) -> tuple[Any, None, str]:
        """The file of the suite; the heading names the suite, too."""
        return self.path, None, f"{self.parent.name}: {self.name}" if self.parent else self.name
