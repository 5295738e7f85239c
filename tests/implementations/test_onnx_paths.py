"""The serialised model, read back field by field: what onnx.proto says of each."""

from __future__ import annotations

from harness.implementations.onnx_paths import softmax_model


def fields(message: bytes) -> list[tuple[int, int | bytes]]:
    """(number, varint or content) of a protobuf message."""
    found: list[tuple[int, int | bytes]] = []
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        if key & 7 == 0:
            found.append((key >> 3, varint()))
        else:
            length = varint()
            found.append((key >> 3, message[at : at + length]))
            at += length
    return found


def test_the_model_is_one_softmax_along_the_last_axis() -> None:
    model = dict(fields(softmax_model("float16")))
    assert model[1] == 8 and dict(fields(bytes(model[8]))) == {1: b"", 2: 13}
    graph = fields(bytes(model[7]))
    assert [number for number, _ in graph] == [1, 2, 11, 12]
    node = dict(fields(bytes(graph[0][1])))
    assert (node[1], node[2], node[4]) == (b"x", b"y", b"Softmax")
    assert dict(fields(bytes(node[5]))) == {1: b"axis", 3: 2**64 - 1, 20: 2}  # -1, of type INT
    value = dict(fields(bytes(graph[2][1])))
    tensor = dict(fields(bytes(dict(fields(bytes(value[2])))[1])))
    assert value[1] == b"x" and tensor[1] == 10
