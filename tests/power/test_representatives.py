"""A few of each class at default effort, as `make mutate` judges all: killed, and twins spared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from harness.power.document import PowerDocument
from harness.power.matrix import Suspect, catalogues, power, suspects
from harness.specs.locate import find_specs

SEED = 4007
PER_CLASS = 2
RIGHT = (
    "right.as_written",
    "right.base_two",
    "right.by_matmul",
    "right.flushed",
    "right.online",
    "right.jvp_expanded",
    "right.torch_by_einsum",
    "equivalent.guarded_below_u",
    "equivalent.negative_zeros",
)
FOUND = suspects(catalogues())


def narrow(one: Suspect) -> Suspect:
    """For one dtype: float32 where the entry has it."""
    dtypes = one.entry.dtypes
    chosen = "float32" if "float32" in dtypes else dtypes[0]
    return replace(one, entry=replace(one.entry, dtypes=(chosen,)))


def spread(members: list[Suspect]) -> list[Suspect]:
    """The first and the last one: entries stand by what they are about."""
    return [members[k * (len(members) - 1) // (PER_CLASS - 1)] for k in range(PER_CLASS)]


@pytest.fixture(scope="module")
def document() -> PowerDocument:
    by_class: dict[str, list[Suspect]] = defaultdict(list)
    for one in FOUND:
        if one.entry.expectation.violates:
            by_class[one.entry.expectation.defect].append(one)
    chosen = [one for members in by_class.values() for one in spread(members)]
    chosen += [one for one in FOUND if one.entry.name in RIGHT]
    return power([narrow(one) for one in chosen], find_specs(None).path, "default", SEED, workers=1)


def test_all_are_killed_and_none_is_rejected(document: PowerDocument) -> None:
    found = {row.name: row.outcome for row in document.findings}
    assert found == {}
    assert document.exit_code == 0
    assert document.score.killed == document.score.mutants == 9 * PER_CLASS
    assert document.score.at_n0 == 0
    assert document.score.spared + document.score.equivalent_spared == len(RIGHT)


def test_every_kill_can_be_replayed(document: PowerDocument) -> None:
    for row in document.rows:
        for kill in [kill for trial in row.trials for kill in trial.kills]:
            assert kill.n >= 1 and f"/n={kill.n}/" in kill.case


def test_quick_effort_does_not_see_what_default_adds() -> None:
    """The red twin: where sizes are left out, what is wrong at them survives and is a finding."""
    (one,) = (narrow(one) for one in FOUND if one.entry.name == "rare.from_18_to_63")
    specs = find_specs(None).path
    quick = power([one], specs, "quick", SEED, workers=1)
    assert (quick.rows[0].outcome, quick.exit_code) == ("survived", 1)
    resolution = quick.rows[0].trials[0].resolution
    assert resolution is not None and resolution.exact > 0
