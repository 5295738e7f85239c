"""Real processes: what they do to their pipes ends in the right words, and never blocks."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.protocol.pipes import MOST_WAITING, Pipes
from harness.protocol.stream import Cut

PATIENCE = 60.0
"""Seconds that no test waits for unless something is wrong."""

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and sessions of POSIX")


@pytest.fixture
def started() -> Iterator[list[Pipes]]:
    found: list[Pipes] = []
    yield found
    for pipes in found:
        pipes.kill()


def python(started: list[Pipes], code: str) -> Pipes:
    """A process that runs this code, without what `site` takes time for."""
    pipes = Pipes([sys.executable, "-ISc", f"import os, sys, time\n{code}"])
    started.append(pipes)
    return pipes


def cut(pipes: Pipes, seconds: float = PATIENCE) -> Cut:
    with pytest.raises(Cut) as caught:
        pipes.read(100, seconds)
    return caught.value


def test_bytes_go_both_ways(started: list[Pipes]) -> None:
    pipes = python(started, "for line in sys.stdin.buffer:\n os.write(1, b'<' + line + b'abc')")
    pipes.write(b"one\n")
    assert pipes.line(100, PATIENCE) == b"<one"
    assert pipes.read(3, PATIENCE) == b"abc"
    assert pipes.unasked() == b""
    assert pipes.finish(PATIENCE) == b""
    assert pipes.ending(PATIENCE) == "exit code 0"


def test_more_than_any_pipe_holds_goes_both_ways(started: list[Pipes]) -> None:
    """The program answers before it has read all: with blocking pipes both would wait."""
    pipes = python(
        started,
        "while data := os.read(0, 65536):\n sys.stdout.buffer.write(data)\n sys.stdout.flush()",
    )
    data = os.urandom(3 * MOST_WAITING)
    pipes.write(data)
    assert pipes.read(len(data), PATIENCE) == data


def test_who_does_not_read_is_late(started: list[Pipes]) -> None:
    pipes = python(started, "print('here', flush=True)\ntime.sleep(600)")
    assert pipes.line(100, PATIENCE) == b"here"
    pipes.write(bytes(1 << 22))
    assert (cut(pipes, 0.05).reason, pipes.ending(0)) == ("late", "")
    pipes.kill()
    assert pipes.ending(PATIENCE) != ""


def test_who_writes_without_end_must_wait(started: list[Pipes]) -> None:
    pipes = python(started, "while True: os.write(1, b'z' * 65536)")
    with pytest.raises(Cut) as caught:
        pipes.line(1000, PATIENCE)
    assert caught.value.reason == "long"
    assert pipes.read(10, PATIENCE) == b"z" * 10
    assert len(pipes.finish(PATIENCE)) == MOST_WAITING


def test_how_it_ended(started: list[Pipes]) -> None:
    pipes = python(started, "os.write(1, b'half'); sys.stderr.write('why'); sys.exit(3)")
    assert (cut(pipes).reason, pipes.ending(PATIENCE)) == ("ended", "exit code 3")
    pipes = python(started, "os.write(1, b'half'); os._exit(0)")
    assert cut(pipes).got == b"half"
    with pytest.raises(FileNotFoundError):
        Pipes(["no-such-program-here"])


@POSIX
def test_a_signal_has_its_name(started: list[Pipes]) -> None:
    pipes = python(started, "os.kill(os.getpid(), 11)")
    assert (cut(pipes).reason, pipes.ending(PATIENCE)) == ("ended", "signal SIGSEGV")


def test_an_output_that_is_closed_has_ended(started: list[Pipes]) -> None:
    pipes = python(started, "os.close(1); time.sleep(600)")
    assert (cut(pipes).reason, pipes.ending(0)) == ("ended", "")
    with pytest.raises(Cut):
        pipes.finish(0.05)


@POSIX
@pytest.mark.parametrize("session", ["", "os.setsid();"])
def test_a_child_that_keeps_the_pipe_open_delays_nothing(
    started: list[Pipes], session: str
) -> None:
    """In its group it is ended with it; in a session of its own it is not waited for."""
    child = f"{session} os.write(1, str(os.getpid()).encode() + b'!'); time.sleep(600)"
    pipes = python(started, f"if os.fork() == 0:\n {child}\nos.read(0, 1)\nos._exit(4)")
    pid = b""
    while not pid.endswith(b"!"):
        pid += pipes.read(1, PATIENCE)
    pipes.write(b"x")
    assert (cut(pipes).reason, pipes.ending(PATIENCE)) == ("ended", "exit code 4")
    if session:
        os.kill(int(pid[:-1]), 9)


def test_the_end_of_stderr_is_kept(started: list[Pipes]) -> None:
    pipes = python(started, "os.write(2, b'm' * 100000 + b'last words'); os.write(1, b'ok\\n')")
    assert pipes.line(10, PATIENCE) == b"ok"
    assert pipes.finish(PATIENCE) == b""
    assert set(pipes.log()) <= set("m" + "last words")
    assert len(pipes.log()) <= 4096


def test_it_may_be_killed_twice(started: list[Pipes]) -> None:
    pipes = python(started, "time.sleep(600)")
    pipes.kill()
    pipes.kill()
    assert pipes.ending(PATIENCE) in ("signal SIGKILL", "exit code 1")


SLEEPER = """
import os, sys, time
pipe = open(sys.argv[1], "w")  # waits until somebody reads; closed only when this process ends
pipe.write("started\\n")
pipe.flush()
print("ready", flush=True)
time.sleep(600)
"""

STARTER = f"""
import os, signal, sys
from multiprocessing import get_context
from harness.protocol.pipes import Pipes

def start():
    pipes = Pipes([sys.executable, "-ISc", {SLEEPER!r}, sys.argv[1]])
    pipes.line(100, 60)
    if sys.argv[2] == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "is a worker":
    worker = get_context("fork").Process(target=start)
    worker.start()
    worker.join()
else:
    start()
"""


@POSIX
@pytest.mark.parametrize("who", ["ends", "is a worker", "is killed"])
def test_it_ends_with_who_started_it(who: str, tmp_path: Path) -> None:
    """It is asleep, and does not see that its input has ended; no one says bye to it."""
    os.mkfifo(tmp_path / "pipe")
    opened = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-c", STARTER, str(tmp_path / "pipe"), who]
    ended = subprocess.run(command, cwd=ROOT, timeout=PATIENCE, check=False)
    assert ended.returncode == (-signal.SIGKILL if who == "is killed" else 0)
    assert os.read(opened, 100) == b"started\n"
    ready, _, _ = select.select([opened], [], [], PATIENCE)
    assert ready and os.read(opened, 1) == b""
    os.close(opened)


@POSIX
def test_nobody_stands_guard_over_what_has_ended(started: list[Pipes]) -> None:
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    if not listed.exists():
        pytest.skip("no list of children on this system")
    before = set(listed.read_text().split())

    def new() -> set[str]:
        return set(listed.read_text().split()) - before

    ended, killed = python(started, "sys.stdin.read()"), python(started, "time.sleep(600)")
    assert len(new()) == 4
    assert ended.finish(PATIENCE) == b""
    killed.kill()
    deadline = time.monotonic() + PATIENCE
    while new() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not new()
