"""Ends a program when the process that started it is gone, however that ended.

A program need not see that its input has ended, and a process that is killed ends nobody. So a
shell holds the other end of a pipe whose first end only this process has: when that closes, it ends
the program's group. Where there is no such shell, a program outlives a process that was killed.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress

# The group is read, not given: the guardian is there before the program is.
_SCRIPT = 'read -r group && { read -r _; kill -s KILL -- "-$group"; }'


class Guardian:
    """Waits from its making on; `guard` names the group, `dismiss` ends the wait."""

    def __init__(self) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        if os.name == "posix":
            with suppress(FileNotFoundError):
                self._shell = subprocess.Popen(
                    ["/bin/sh", "-c", _SCRIPT],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    start_new_session=True,  # Ctrl-C in a terminal is not for it
                )

    def guard(self, group: int) -> None:
        """This process group is ended when this process is gone."""
        if self._shell and self._shell.stdin:
            with suppress(BrokenPipeError):
                self._shell.stdin.write(f"{group}\n".encode())

    def dismiss(self) -> None:
        """Nothing is guarded any more. May be called again."""
        if self._shell and self._shell.stdin:
            self._shell.kill()
            self._shell.stdin.close()
            self._shell.wait()
