"""A program is started when it is needed, and again after it failed, but not for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.protocol.conversation import Breach
from harness.protocol.message import Block
from harness.protocol.program import MOST_FAILURES, Program, Spent
from harness.protocol.stream import Stream
from tests.protocol.doubles import Fake

BLOCK = Block((1,), bytes(8))


def over(*fakes: Fake) -> tuple[Program, Callable[[], int]]:
    """A program that starts as these, one after the other; how many were."""
    left = list(fakes)

    def start() -> Stream:
        return left.pop(0)

    return Program(start), lambda: len(fakes) - len(left)


def ask(program: Program) -> tuple[int, ...]:
    return program.call("softmaxVec", "float64", "cpu", (BLOCK,)).block.shape


def test_it_starts_at_the_first_word_and_ends_at_the_last() -> None:
    fake = Fake()
    program, started = over(fake)
    program.part()
    assert started() == 0
    program.begin()
    assert program.hello().name == "fake" and ask(program) == (1,)
    program.part()
    assert started() == 1 and fake.killed and fake.over


def test_it_fails_at_once_until_the_next_check_begins() -> None:
    first, second = Fake(cut=280), Fake()
    program, started = over(first, second)
    program.begin()
    for _ in range(3):
        with pytest.raises(Breach, match="signal SIGKILL"):
            ask(program)
    assert started() == 1 and first.killed
    program.begin()
    assert ask(program) == (1,) and started() == 2


def test_it_is_not_started_for_ever() -> None:
    program, started = over(*(Fake(cut=10) for _ in range(MOST_FAILURES + 1)))
    for _ in range(MOST_FAILURES):
        program.begin()
        with pytest.raises(Breach):
            program.hello()
    with pytest.raises(Spent, match=r"failed 3 times and was not started again; last: the progra"):
        program.begin()
    assert started() == MOST_FAILURES


def test_another_hello_is_a_breach() -> None:
    program, _ = over(Fake(cut=280), Fake(hello={"min_n": 1}))
    program.begin()
    with pytest.raises(Breach):
        ask(program)
    program.begin()
    with pytest.raises(Breach, match="hello is another one than before"):
        ask(program)


def test_what_cannot_be_started_is_a_breach() -> None:
    def start() -> Stream:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(Breach, match="the program cannot be started: Permission denied") as caught:
        Program(start).hello()
    assert caught.value.kind == "crash"


def test_the_last_words_on_stderr_are_told() -> None:
    class Logs(Fake):
        def log(self) -> str:
            return "x" * 500 + "\nSegmentation\n  fault\n"

    program, _ = over(Logs(cut=5))
    with pytest.raises(Breach) as caught:
        program.hello()
    assert caught.value.message.endswith("xx / Segmentation / fault")
    assert "; its stderr ends: …xx" in caught.value.message


def test_ctrl_c_ends_it() -> None:
    class Interrupted(Fake):
        def line(self, most: int, seconds: float) -> bytes:
            raise KeyboardInterrupt

    fake = Interrupted()
    program, _ = over(fake)
    with pytest.raises(KeyboardInterrupt):
        program.hello()
    assert fake.killed
