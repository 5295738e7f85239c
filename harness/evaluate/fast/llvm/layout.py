"""What a kernel is called with, and where its code is being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.evaluate.fast.graph import Axis
from harness.statement.types import Length


@dataclass(frozen=True)
class Layout:
    """What a kernel is called with: the storage type (`float` or `double`) and the lengths of each
    array's axes, all lengths, params by key, indices by name; slots: rows of scratch."""

    storage: str
    arrays: tuple[tuple[Length, ...], ...]
    lengths: tuple[Length, ...]
    params: tuple[object, ...]
    places: tuple[str, ...]
    slots: int


class Place:
    """The row itself, or the body of a loop in it.

    axes: those in scope; lanes: the one that runs along the lanes; indices: axis -> integer; mask:
    the lanes that are in the row ("": all); above: the place around; made: node -> value.
    """

    def __init__(
        self,
        axes: frozenset[Axis],
        lanes: Axis | None,
        indices: Mapping[Axis, str],
        mask: str = "",
        above: Place | None = None,
    ) -> None:
        self.axes, self.lanes, self.indices = axes, lanes, indices
        self.mask, self.above = mask, above
        self.made: dict[int, str] = {}
        self.splats: dict[str, str] = {}
