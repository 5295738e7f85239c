"""JSON from a file, with one error for whatever keeps it from being read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.errors import InputError, Place


def read_json(path: Path, hint: str) -> Any:
    """The value in a file. InputError, with the hint, when there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", place=Place(str(path)), hint=hint) from None
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise InputError(f"not JSON: {error.msg}", place=place, hint=hint) from None
    except RecursionError:
        raise InputError("nested too deeply", place=Place(str(path)), hint=hint) from None
