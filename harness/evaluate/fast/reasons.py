"""Why a kernel is not there."""


class NotCompiled(Exception):
    """Why there is no kernel; the walk judges instead."""
