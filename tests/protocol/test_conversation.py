"""Whatever a program says, a conversation ends in the right values or in a breach that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.protocol.conversation import Breach, Conversation, Limits, Refusal
from harness.protocol.message import Argument, Block
from tests.protocol.doubles import Fake

X = np.array([[0.5, -1.0, 2.0], [3.0, 3.0, 1.0]], dtype="<f4")
BLOCK = Block(X.shape, X.tobytes())


def talk(fake: Fake, *calls: tuple[str, tuple[Argument, ...]]) -> list[np.ndarray]:
    """A whole conversation: the results of the calls."""
    conversation = Conversation(fake, Limits())
    conversation.greet()
    found = []
    for constant, arguments in calls or (("softmaxVec", (BLOCK,)), ("sumExp", (BLOCK,))):
        numbers = conversation.call(constant, "float32", "cpu", arguments)
        found.append(np.frombuffer(numbers.block.data, "<f4").reshape(numbers.block.shape))
    conversation.part()
    return found


def breach(fake: Fake) -> Breach:
    with pytest.raises(Breach) as caught:
        talk(fake)
    assert "\n" not in caught.value.message
    return caught.value


def test_a_right_conversation() -> None:
    y, s = talk(Fake())
    assert y.shape == (2, 3) and np.allclose(y.sum(axis=-1), 1)
    assert s.shape == (2,) and np.allclose(s, np.exp(X).sum(axis=-1))


def test_cut_at_any_byte_it_is_a_breach() -> None:
    whole = Fake()
    talk(whole)
    kinds = {breach(Fake(cut=k)).kind for k in range(len(whole.said))}
    assert kinds == {"crash"}
    assert talk(Fake(cut=len(whole.said)))


def test_silent_from_any_byte_on_it_is_a_hang() -> None:
    whole = Fake()
    talk(whole)
    kinds = {breach(Fake(cut=k, stops=False)).kind for k in range(len(whole.said))}
    assert kinds == {"hang"}


def test_a_spoilt_byte_is_a_breach_or_harmless() -> None:
    """Harmless are the white space of JSON, and the names and texts of the hello."""
    whole = Fake()
    want = talk(whole)
    hello = whole.said.index(b"\n")
    for position in range(len(whole.said)):
        for mask in (0x01, 0x02, 0x20, 0x80, 0xFF):
            try:
                got = talk(Fake(spoilt={position: mask}))
            except Breach:
                continue
            assert all(np.array_equal(a, b) for a, b in zip(got, want, strict=True))
            assert position < hello or chr(whole.said[position]).isspace()


def faked(change: Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]) -> Fake:
    """A program whose results are changed before they are sent."""

    class Changed(Fake):
        def say(self, header: Any, numbers: bytes = b"") -> None:
            super().say(
                *(change(dict(header), numbers) if header["kind"] == "result" else (header,))
            )

    return Changed()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda h, n: ({**h, "id": h["id"] + 1}, n),
            "the program's answer to call 1 (softmaxVec) has the",
        ),
        (
            lambda h, n: ({**h, "bytes": 20}, n),
            "the program's answer to call 1 (softmaxVec) is wrong: sh",
        ),
        (lambda h, n: (h, n + b"Z"), "the program wrote what nobody asked for before it was call"),
        (
            lambda h, n: (h, b"\0" * len(n)),
            "the numbers of the program's answer to call 1 (softmaxVec)",
        ),
        (
            lambda h, n: ({"kind": "bye", "calls": 1}, b""),
            "the program's answer to call 1 (softmaxVec) is ",
        ),
        (
            lambda h, n: ({**h, "dtype": "f4"}, n),
            "the program's answer to call 1 (softmaxVec) is wrong",
        ),
    ],
)
def test_a_wrong_result_is_told(change: Any, told: str) -> None:
    found = breach(faked(change))
    assert found.kind == "protocol" and found.message.startswith(told)


def test_a_print_of_its_own_is_quoted() -> None:
    class Loud(Fake):
        def answer(self, message: Any, numbers: bytes) -> None:
            self.said += b"calculating...\n"
            super().answer(message, numbers)

    assert breach(Loud()).message == (
        "the program's answer to call 1 (softmaxVec) is wrong: not a line of JSON: "
        "'calculating...' (stdout carries the protocol, other output belongs to stderr)"
    )


def test_a_line_without_end_is_no_header() -> None:
    class Endless(Fake):
        def answer(self, message: Any, numbers: bytes) -> None:
            self.said += b"a" * 70_000

    assert "has no end of line in 65536 bytes" in breach(Endless()).message


def test_the_bye_counts_the_calls_and_is_the_last_word() -> None:
    class Miscounts(Fake):
        def answer(self, message: Any, numbers: bytes) -> None:
            super().answer(message, numbers)
            self.calls = 7

    class Talks(Fake):
        def finish(self, seconds: float) -> bytes:
            return super().finish(seconds) + b"goodbye!"

    class Stays(Fake):
        @property
        def ended(self) -> bool:
            return False

    class Fails(Fake):
        def ending(self, seconds: float) -> str:
            return "exit code 3"

    assert breach(Miscounts()).message == "the program's bye counts 7 calls of 2"
    assert breach(Talks()).message.startswith(
        "the program wrote what nobody asked for after its bye: 'go"
    )
    assert breach(Stays()).kind == "hang"
    assert breach(Fails()).message == "after its bye the program ended with exit code 3"


def test_an_error_answers_one_call_only() -> None:
    class Refuses(Fake):
        def answer(self, message: Any, numbers: bytes) -> None:
            if message["constant"] == "sumExp":
                self.calls += 1
                self.say({"kind": "error", "id": message["id"], "message": "no sums"})
            else:
                super().answer(message, numbers)

    conversation = Conversation(Refuses(), Limits())
    conversation.greet()
    with pytest.raises(Refusal, match="no sums"):
        conversation.call("sumExp", "float32", "cpu", (BLOCK,))
    assert conversation.call("softmaxVec", "float32", "cpu", (BLOCK,)).block.shape == (2, 3)
    conversation.part()
