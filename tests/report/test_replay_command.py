"""Commands that can be pasted into a shell."""

from __future__ import annotations

import shlex

from harness.report.replay_command import Replaying

ID = "softmaxVec:definition:my-numpy:cpu@float32/n=1/tiny/one_hot/s0/13/contiguous/seed=1#1"


def test_ids_need_no_quotes() -> None:
    how = Replaying(("--impl", "softmaxVec=my:f"), ("--corpus", "kept"))
    assert how.command(ID) == f"crosscheck replay {ID} --impl softmaxVec=my:f"
    assert how.command("f-01") == "crosscheck replay f-01 --corpus kept --impl softmaxVec=my:f"


def test_what_a_shell_would_read_otherwise_is_quoted() -> None:
    words = ("--catalogue", "my files/it's.yaml", "--impl", "#x", "")
    said = Replaying(words).command("f-01")
    assert shlex.split(said) == ["crosscheck", "replay", "f-01", *words]
    assert "'my files/" in said and "'#x'" in said
