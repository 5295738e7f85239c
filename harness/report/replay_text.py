"""A replay as people read it: the input, what came back, the verdict, the program."""

from __future__ import annotations

from rich.text import Text

from harness.report.lines import BAD, DOUBT, FAINT, GOOD, STRONG, labelled, wrapped
from harness.report.numbers import clean, count, decimal, short_hex, times
from harness.report.replay import CallRecord, ReplayDocument

SHOWN = 64
"""Numbers of one variable that are printed; the JSON has all."""

MOST_PROGRAM = 8000
"""Characters of a program that is printed; more are a screen full of numbers."""

_COLOURS = {"conforms": GOOD, "violates": BAD, "refuted": BAD}


def replay_lines(document: ReplayDocument, width: int) -> list[Text]:
    """The whole report; the last line is the sentence to quote."""
    colour = _COLOURS.get(document.verdict, DOUBT)
    where = [document.declaration, f"{document.check} check"]
    if document.entry:
        where += [document.entry, f"{document.dtype} on {document.device}"]
    else:
        where.append("exact reals")
    lines = [
        Text.assemble((f"crosscheck {document.crosscheck}", STRONG), " · replay"),
        *labelled("check", " · ".join(where), width),
        *labelled("states", clean(document.statement), width),
    ]
    if document.arithmetic:
        lines += labelled("under", f"the arithmetic {document.arithmetic}", width)
    if document.ours:
        lines += labelled("ours", ", ".join(document.ours), width)
    lines += [*_inputs(document, width), *_outcome(document, width)]
    if document.message:
        lines += labelled("says", clean(document.message), width)
    for note in document.notes:
        lines += labelled("note", clean(note), width)
    lines += labelled("verdict", document.verdict, width, style=colour)
    if len(document.snippet) > MOST_PROGRAM:
        said = f"in Python, without the harness: {len(document.snippet):,} characters, in --json"
        lines += labelled("program", said, width)
    elif document.snippet:
        lines += [Text(), *map(Text, document.snippet.splitlines())]
    sentence = Text(document.sentence, f"{STRONG} {colour}")
    return [*lines, Text(), sentence]


def _inputs(document: ReplayDocument, width: int) -> list[Text]:
    if not document.calls:
        return []
    call = document.calls[-1]
    sizes = ", ".join(f"{name} = {n}" for name, n in call.sizes.items())
    batch = "x".join(map(str, call.batch))
    how = [sizes] if sizes else []
    if document.entry:
        how += [f"batch {batch}, row {document.row}" if batch else "no batch", call.view]
    if document.preceding:
        how.append(f"after {count(document.preceding, 'other call')}")
    lines = labelled("input", ", ".join(how), width)
    few = document.calls[:-1] if sum(map(_size, document.calls[:-1])) <= SHOWN else []
    for before in few:
        shape = "x".join(map(str, before.batch)) or "none"
        lines += wrapped(f"before: batch {shape}, {before.view}", width, "          ", FAINT)
        for name, value in before.numbers.items():
            lines += _numbers(name, _flat(value), width)
    for name, value in call.numbers.items():
        lines += _numbers(name, _row(value, call.batch, document.row), width)
    return lines


def _numbers(name: str, numbers: list[str], width: int) -> list[Text]:
    """A variable in hex, and as decimals below it."""
    shown = numbers[:SHOWN]
    more = len(numbers) - len(shown)
    tail = f", … {more:,} more in --json" if more else ""
    exact = ", ".join(map(short_hex, shown)) + tail
    readable = ", ".join(map(decimal, shown)) + tail
    lines = wrapped(f"{name} = [{exact}]", width, "          ")
    return [*lines, *wrapped(f"{'':{len(name)}} ≈ [{readable}]", width, "          ", FAINT)]


def _row(value: object, batch: list[int], row: int) -> list[str]:
    """The numbers of one row of a batch, in order."""
    rows = [value]
    for _ in batch:
        rows = [part for one in rows if isinstance(one, list) for part in one]
    return _flat(rows[row])


def _size(call: CallRecord) -> int:
    return sum(len(_flat(value)) for value in call.numbers.values())


def _flat(value: object) -> list[str]:
    if isinstance(value, list):
        return [leaf for part in value for leaf in _flat(part)]
    return [str(value)]


def _outcome(document: ReplayDocument, width: int) -> list[Text]:
    if not document.got:
        return []
    one, other = ("got", "exact") if document.check == "definition" else ("left", "right")
    lines = []
    if document.at:
        lines += labelled("at", ", ".join(map(str, document.at)), width)
    lines += labelled(one, _both(document.got), width)
    lines += labelled(other, _both(document.want), width)
    if document.bound is not None:
        lines += labelled("bound", _both(document.bound.hex()), width)
    if document.ratio is not None and document.kind == "value":
        said = times(document.ratio) if document.ratio > 1 else f"{document.ratio:.3g}"
        lines += labelled("ratio", said, width)
    return lines


def _both(text: str) -> str:
    exact, readable = short_hex(text), decimal(text)
    return readable if readable in ("0", "nan", "inf", "-inf") else f"{exact} ≈ {readable}"
