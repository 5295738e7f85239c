"""Why a kernel is not there."""

from __future__ import annotations


class NotCompiled(Exception):
    """Why there is no kernel; the walk judges instead."""
