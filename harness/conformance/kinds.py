"""The checks that follow from the type of a constant; `typed` has them."""

from __future__ import annotations

KINDS = ("batch", "layout", "repeat", "inputs")
