"""The document as JSON text and back; `python -m harness.report.json_report` renews the schema."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from harness.errors import InputError, Place
from harness.report.document import SCHEMA, Document
from harness.report.result_stream import START

SCHEMA_FILE = Path(__file__).with_name("results.schema.json")


def json_text(document: Document) -> str:
    """The document as JSON, ending in a newline; what is returned has been read back once."""
    text = document.model_dump_json(by_alias=True, indent=2) + "\n"
    Document.model_validate_json(text)
    return text


def read_document(path: Path) -> Document:
    """The document in a file. InputError when there is none, or one of another version."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", place=Place(str(path)), hint=_HINT) from None
    try:
        return Document.model_validate_json(text)
    except ValidationError as error:
        raise _no_document(path, text, error) from None


_HINT = "write results with `crosscheck check --json FILE`"


def _no_document(path: Path, text: str, error: ValidationError) -> InputError:
    if text.encode()[: len(START)] == START:
        message = "a stream of results (--stream), where a document is needed"
        return InputError(message, place=Place(str(path)), hint=_HINT)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as problem:
        place = Place(str(path), problem.lineno, problem.colno)
        return InputError(f"not JSON: {problem.msg}", place=place, hint=_HINT)
    version = data.get("schema") if isinstance(data, dict) else None
    if version is not None and version != SCHEMA:
        message = f"results of schema {version}; this version reads schema {SCHEMA}"
        return InputError(message, place=Place(str(path)), hint="run the check again")
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "the file"
    return InputError(
        f"not results of crosscheck: {where}: {first['msg'].lower()}",
        place=Place(str(path)),
        hint=_HINT,
    )


def schema_text() -> str:
    """The JSON schema of the document, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of crosscheck check",
        **Document.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
