"""Which calls are compared: rows with and without others, layouts, first and later calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.conformance.call_pairs import Call, Pair, compared
from harness.conformance.calling import Results
from harness.conformance.definition import calls
from harness.conformance.sheet import Placed, Sheet
from harness.conformance.tally import Tally

PLAIN = "contiguous"
REPEATED = 3
"""Calls of a sheet that are made once more."""


def batch(call: Call, tally: Tally) -> None:
    """Rows of a batch, and the same rows alone."""
    places = len(list(calls(call.setting.bench.own[call.setting.constant], call.sheet)))
    chosen: dict[int, Placed] = {}
    cells = _cells(call.sheet, PLAIN)
    for turn, placed in enumerate(_worth_a_call(call, cells)):
        if placed.cell.batch == () or not (call.setting.thorough or turn % places == call.turn):
            continue
        rows = placed.stop - placed.start
        # The last one, where code that works in blocks errs, and others in turn.
        one = rows - 1 if turn % 2 else (7 * turn) % max(rows, 1)
        some = range(rows) if call.setting.thorough else (one,)
        chosen.update({placed.start + row: placed for row in some if rows})
    if not chosen:
        return
    singles = {row: _alone(placed, row) for row, placed in chosen.items()}

    def words(row: int) -> tuple[str, str]:
        placed = chosen[row]
        batch = "x".join(map(str, placed.cell.batch))
        return f"in row {row - placed.start} of a batch of {batch}", "for the same row alone"

    pair = Pair(
        PLAIN,
        call.observed(PLAIN),
        call.again(list(singles.values())),
        lambda row: (chosen[row], singles[row]),
        words,
    )
    compared(call, pair, tally)


def layout(call: Call, tally: Tally) -> None:
    """One input in each layout, and the same one contiguous."""
    for view, cells in _passes(call):
        if view != PLAIN:
            compared(call, _laid_out(call, view, cells), tally)


def _laid_out(call: Call, view: str, cells: Sequence[Placed]) -> Pair:
    plain = _cells(call.sheet, PLAIN)
    twins = {one: replace(one, cell=replace(one.cell, view=PLAIN)) for one in cells}
    known = set(twins.values()) <= set(plain)
    other = call.observed(PLAIN) if known else call.again(list(twins.values()))
    by_row = _by_row(cells)
    words = (f"in layout '{view}'", "contiguous")
    which = {row: (one, twins[one]) for row, one in by_row.items()}
    return Pair(view, call.observed(view), other, which.__getitem__, lambda _: words)


def repeat(call: Call, tally: Tally) -> None:
    """Some calls of the sheet once more, the last one first; and suspects, in fresh code."""
    for view, _ in _passes(call):
        call.observed(view)  # before any call is made again
    cells = _cells(call.sheet, PLAIN)
    step = 1 if call.setting.thorough else max(1, len(cells) // REPEATED)
    # More of one size tell nothing more.
    chosen = () if call.sheet.probe else cells[::-1][::step]
    if chosen:
        words = ("at first", "later, for the same input")
        compared(call, _repeated(call, chosen, call.again(chosen), words), tally)
    placed = [one for _, cells in _passes(call) for one in cells]
    doubtful = [one for one in placed if one.cell.id() in call.setting.suspects]
    for one in placed[-1:] if call.setting.thorough else doubtful:
        fresh = call.fresh([one])
        if fresh is not None:
            words = ("after other calls", "in code just imported")
            compared(call, _repeated(call, [one], fresh, words), tally)


def _repeated(call: Call, cells: Sequence[Placed], other: Results, words: tuple[str, str]) -> Pair:
    which = {row: (one, one) for row, one in _by_row(cells).items()}
    view = cells[0].cell.view
    seen = call.observed(view)
    return Pair(view, seen, other, which.__getitem__, lambda _: words, by_memory=True)


def inputs(call: Call, tally: Tally) -> None:
    """Arguments, the memory around them and earlier results, before and after."""
    for view, cells in _passes(call):
        results = call.observed(view)
        changed = tuple(one for one in results.trouble if one.kind == "mutated")
        tally.trouble(call.sheet, replace(results, trouble=changed), call.setting.constant)
        count = int(results.done.sum())
        tally.cells += len(cells)
        if call.sheet.n == 0:
            tally.cases_n0 += count
        else:
            tally.cases += count


def _worth_a_call(call: Call, cells: Sequence[Placed]) -> Sequence[Placed]:
    """Those of which a row is called alone: one of each batch in a probe, else one shard."""
    if call.setting.thorough:
        return cells
    if call.sheet.probe:
        return list({one.cell.batch: one for one in cells}.values())
    return [one for one in cells if one.cell.shard == 0]


def _passes(call: Call) -> tuple[tuple[str, tuple[Placed, ...]], ...]:
    """The layouts in which arrays arrive as they are passed."""
    layouts = call.setting.callee.layouts
    return tuple(one for one in call.sheet.passes() if layouts or one[0] == PLAIN)


def _cells(sheet: Sheet, view: str) -> tuple[Placed, ...]:
    return dict(sheet.passes()).get(view, ())


def _by_row(cells: Sequence[Placed]) -> dict[int, Placed]:
    return {row: one for one in cells for row in range(one.start, one.stop)}


def _alone(placed: Placed, row: int) -> Placed:
    return Placed(replace(placed.cell, batch=()), row, row + 1)
