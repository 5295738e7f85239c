"""The findings of a run, each with its smallest input: what failed, where and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from harness.conformance.kinds import KINDS
from harness.report.causes import Causes, who
from harness.report.document import (
    CaseRecord,
    CheckRecord,
    DeclarationRecord,
    Document,
    KnownFailureRecord,
    LeanRecord,
    ShrunkRecord,
    ViolationRecord,
)
from harness.report.footing import warnings
from harness.report.lines import BAD, DOUBT, FAINT, GOOD, STRONG, wrapped
from harness.report.numbers import array, by_entry, clean, count, listed, short_hex, times
from harness.report.standing import only_empty

MOST_PROGRAMS = 2
"""Programs that a report prints, one for each piece of code; the JSON has all."""

FOUND = ("refuted", "violates", "inconclusive")


def derivatives(results: Iterable[CheckRecord], width: int) -> list[Text]:
    """What was judged of the derivatives that autograd takes, and what could not be."""
    taken: dict[tuple[str, str], dict[str, None]] = {}
    refused: dict[tuple[str, str], dict[str, None]] = {}
    for one in results:
        if one.check != "derivative":
            continue
        if one.verdict == "unsupported":
            reason = "; ".join(one.notes).partition(": ")[2]
            refused.setdefault((one.entry, reason), {})[one.mode] = None
        else:
            taken.setdefault((one.entry, one.verdict), {})[one.mode] = None
    lines: list[Text] = []
    for (entry, verdict), modes in taken.items():
        text = f"the derivative that torch takes of {entry} by {listed(list(modes))}: {verdict}"
        lines += wrapped(text, width)
    for (entry, reason), modes in refused.items():
        text = f"torch takes no derivative of {entry} by {listed(list(modes))}: {clean(reason)}"
        lines += wrapped(text, width, style=FAINT)
    return [Text(), *lines] if lines else []


def is_finding(result: CheckRecord) -> bool:
    """Whether a check makes the run fail: a bad verdict that its entry does not announce."""
    return result.verdict in FOUND and result.expected == "conforms"


def failed_checks(results: Iterable[CheckRecord]) -> list[CheckRecord]:
    """The findings other than those at n = 0 only, worst verdict first; what names a cause comes
    before what it causes."""
    found = [one for one in results if is_finding(one) and not only_empty(one)]
    causes = Causes(found)

    def rank(one: CheckRecord) -> tuple[int, bool, bool]:
        return FOUND.index(one.verdict), not causes.named_by(one), one.check in KINDS

    return sorted(found, key=rank)


def empty_failures(results: Iterable[CheckRecord]) -> list[CheckRecord]:
    """The checks with a violation at n = 0."""
    return [one for one in results if one.violation_n0 and one.expected == "conforms"]


def lean_findings(declarations: Iterable[DeclarationRecord]) -> list[DeclarationRecord]:
    """The declarations whose Lean text differs, is missing or unread, or changed since review, and
    those that evidence shows not to be proved."""
    return [
        one
        for one in declarations
        if one.lean.mirror != "same"
        or one.lean.link == "suspect"
        or one.lean.proved == "not proved"
    ]


def findings(document: Document, width: int) -> list[Text]:
    """All findings in detail; a theorem that fails because a constant does is one line."""
    short = {one.name: one.short_name for one in document.declarations}
    lines: list[Text] = []
    for declaration in lean_findings(document.declarations):
        lines += [Text(), *_lean(declaration, width)]
    lines += _flags(document.declarations, width)
    lines += warnings(document.declarations, width)
    failed = failed_checks(document.results)
    guilty = {
        (constant, *_who(one))
        for one in failed
        if one.check in ("definition", *KINDS) and one.verdict == "violates"
        for constant in one.constants
    }
    causes = Causes(failed)
    broken = {who(one) for one in failed if one.check == "definition" and one.verdict == "violates"}
    followers: list[CheckRecord] = []
    programs: set[tuple[str, ...]] = set()
    for one in failed:
        called = one.check not in ("definition", *KINDS) and any(
            (constant, *_who(one)) in guilty for constant in one.constants
        )
        echoes = one.check in KINDS and not causes.named_by(one) and who(one) in broken
        if one.verdict == "violates" and (called or echoes or causes.explain(one)):
            followers.append(one)
        else:
            code = (*one.constants, one.entry)
            program = code not in programs and len(programs) < MOST_PROGRAMS
            programs |= {code} if program else set()
            lines += [Text(), *_check(one, short, width, program=program)]
    lines += _followers(followers, short, width)
    lines += _known(document.known_failures, width)
    lines += _empty(empty_failures(document.results), short, width)
    lines += _not_run(document.results, width)
    return lines


def _not_run(results: Iterable[CheckRecord], width: int) -> list[Text]:
    """Why checks did not run, once for each reason."""
    reasons: dict[str, list[CheckRecord]] = {}
    for one in results:
        if one.verdict == "not run":
            reasons.setdefault("; ".join(one.notes), []).append(one)
    lines: list[Text] = []
    for reason, left in reasons.items():
        who = by_entry((one.entry or "exact reals", one.dtype if one.entry else "") for one in left)
        head = f"· {count(len(left), 'check')} not run ({who.strip()}): "
        lines += [Text(), *wrapped(head + clean(reason), width, style=DOUBT)]
    return lines


def _who(result: CheckRecord) -> tuple[str, str, str]:
    return (result.entry, result.dtype, result.device)


def _lean(declaration: DeclarationRecord, width: int) -> list[Text]:
    lean = declaration.lean
    words = {
        "differs": "differs from the Lean source",
        "missing": "is missing in Lean",
        "unreadable": "cannot be compared with the Lean source",
        "same": "is suspect: the Lean text changed since it was reviewed",
    }
    if lean.mirror == "same" and lean.link != "suspect":
        words["same"] = "is not proved: there is evidence, and it says otherwise"
    where = f"{lean.file}:{lean.first_line}" if lean.first_line else lean.file
    lines = [
        Text.assemble(("✗ ", BAD), (declaration.short_name, STRONG), f" {words[lean.mirror]}"),
        *wrapped(f"{declaration.spec} · {where}", width, "    ", FAINT),
        *(wrapped(clean(lean.message), width, "    ") if lean.message else []),
        *(wrapped(clean(lean.proof), width, "    ") if lean.proved == "not proved" else []),
    ]
    return [*lines, *detail_lines(lean, "    ")]


def _titled(title: Text, where: str, width: int) -> list[Text]:
    """The title of a finding, and where it is: behind it, or below it where that is too long."""
    if len(title.plain) + 3 + len(where) <= width:
        return [title.append(f"   {where}", FAINT)]
    return [title, *wrapped(where, width, "    ", FAINT)]


def detail_lines(lean: LeanRecord, indent: str) -> list[Text]:
    """Both texts, and their difference in colours; not wrapped, carets point into them."""
    lines = []
    for line in lean.detail:
        text = Text(indent + line)
        text.highlight_regex(r"\[-.*?-\]", "red")
        text.highlight_regex(r"\{\+.*?\+\}", "green")
        lines.append(text)
    return lines


def _flags(declarations: Iterable[DeclarationRecord], width: int) -> list[Text]:
    """What a reader of the Lean text must know of: it is no finding, and no proof either."""
    flagged = [one for one in declarations if one.lean.flags]
    lines = [Text()] if flagged else []
    for one in flagged:
        text = f"! {one.short_name}: the Lean text has {', '.join(one.lean.flags)}"
        lines += wrapped(text, width, style=DOUBT)
    return lines


def _check(result: CheckRecord, short: dict[str, str], width: int, *, program: bool) -> list[Text]:
    name = short.get(result.declaration, result.declaration)
    mark, colour = ("?", DOUBT) if result.verdict == "inconclusive" else ("✗", BAD)
    where = f"{result.entry} · {result.dtype} on {result.device} · {result.check} check"
    title = Text.assemble((f"{mark} ", colour), (name, STRONG), f" {result.verdict}")
    lines = _titled(title, where if result.entry else "on exact reals", width)
    if result.violation:
        lines += _violation(result.violation, result.check, width)
    for note in result.notes:
        lines += wrapped(clean(note), width, "    ")
    if result.violation and result.violation.shrunk:
        lines += _shrunk(result.violation.shrunk, width, on_floats=bool(result.entry))
    if result.violations > 1:
        lines += wrapped(
            f"{count(result.violations, 'violation')} in {count(result.cases, 'case')}",
            width,
            "    ",
            FAINT,
        )
    if result.ours:
        lines += wrapped(f"ours: {', '.join(result.ours)}", width, "    ", FAINT)
    if result.arithmetic != "ieee":
        lines += wrapped(f"judged under the arithmetic {result.arithmetic}", width, "    ", FAINT)
    shrunk = result.violation.shrunk if result.violation else None
    if program and shrunk and shrunk.snippet:
        # Not indented: this is to be pasted.
        lines += [Text(), *map(Text, shrunk.snippet.splitlines())]
    return lines


def _violation(violation: ViolationRecord, check: str, width: int) -> list[Text]:
    lines = wrapped(clean(violation.message), width, "    ")
    if violation.case:
        lines += _input(violation.case, width)
    if violation.got:
        bound = "" if violation.bound is None else f" · bound {violation.bound:.3g}"
        one, other = ("got", "exact") if check == "definition" else ("left", "right")
        one, other = ("one call", "the other") if check in KINDS else (one, other)
        texts = f"{one} {short_hex(violation.got)} · {other} {short_hex(violation.want)}{bound}"
        lines += wrapped(texts, width, "    ")
    if violation.ratio is not None and violation.kind in ("value", *KINDS):
        lines += wrapped(times(violation.ratio), width, "    ", BAD)
    # Not wrapped: this is to be copied.
    if violation.replay:
        lines.append(Text(f"    {violation.replay}", FAINT))
    elif violation.case:
        lines.append(Text(f"    case {violation.case.id}", FAINT))
    return lines


def _shrunk(shrunk: ShrunkRecord, width: int, *, on_floats: bool) -> list[Text]:
    """The smaller input, in one line a variable, and how to replay it."""
    batch = "x".join(map(str, shrunk.batch)) or "none"
    after = f", after {count(shrunk.preceding, 'other call')}" if shrunk.preceding else ""
    laid = f", batch {batch}, {shrunk.view}" if on_floats else ""
    head = f"shrunk to n = {shrunk.n}{laid}{after}:"
    lines = wrapped(f"{head} {clean(shrunk.message)}", width, "    ", STRONG)
    for name, value in shrunk.inputs.items():
        lines += wrapped(f"{name} = {array(value)[0]}", width, "    ")
    if shrunk.replay:
        lines.append(Text(f"    {shrunk.replay}", FAINT))
    return lines


def _input(case: CaseRecord, width: int) -> list[Text]:
    lines = []
    for name, value in case.inputs.items():
        exact, readable = array(value)
        lines += wrapped(f"{name} = {exact}", width, "    ")
        if readable != exact:
            lines += wrapped(f"{'':{len(name)}} ≈ {readable}", width, "    ", FAINT)
    return lines


def _followers(followers: Sequence[CheckRecord], short: dict[str, str], width: int) -> list[Text]:
    """What fails because of something that is told above."""
    if not followers:
        return []
    by_name: dict[str, list[tuple[str, str]]] = {}
    for one in followers:
        name = short.get(one.declaration, one.declaration)
        name += " (its definition)" if one.check == "definition" else ""
        name += f" ({one.check} check)" if one.check in KINDS else ""
        by_name.setdefault(name, []).append((one.entry, one.dtype))
    lines = [Text(), Text("✗ violated in turn, by what is above", BAD)]
    for name, entries in by_name.items():
        lines += wrapped(f"{name}: {by_entry(entries)}", width, "    ")
    return lines


def _known(known: Sequence[KnownFailureRecord], width: int) -> list[Text]:
    """What entries announce: stale announcements first, they are findings."""
    lines: list[Text] = []
    for one in sorted(known, key=lambda one: one.status != "stale"):
        where = f"{one.entry} · {one.dtype} on {one.device}"
        if one.status == "stale":
            title = Text.assemble(("✗ ", BAD), (one.declaration, STRONG), " known failure is stale")
            lines += [Text(), *_titled(title, where, width)]
            lines += wrapped(clean(one.message), width, "    ")
            lines += wrapped(f"announced in {one.place}", width, "    ", FAINT)
        else:
            title = Text(f"· {one.declaration} violates, as announced", FAINT)
            lines += [] if lines and lines[-1].plain.startswith("·") else [Text()]
            lines += _titled(title, where, width)
            told = f"{one.reason}{f' ({one.link})' if one.link else ''}"
            lines += wrapped(clean(told), width, "    ", FAINT)
    return lines


def kept_lines(document: Document, width: int) -> list[Text]:
    """What became of the corpus: kept cases that conform now, and violations that are new in it."""
    outcomes = [(kept, one) for one in document.results for kept in one.kept]
    fixed = [kept.name for kept, _ in outcomes if kept.verdict == "conforms"]
    lines: list[Text] = []
    if fixed:
        shown = listed(fixed if len(fixed) <= 3 else [*fixed[:3], f"{len(fixed) - 3} more"])
        verb = "conforms" if len(fixed) == 1 else "conform"
        what = "the kept case" if len(fixed) == 1 else f"{len(fixed)} kept cases"
        text = f"{what} {shown} {verb} now: remove the file, or keep it against a relapse"
        lines += wrapped(text, width, style=GOOD)
    if outcomes or document.run.kept:
        tried = f"{count(len(outcomes), 'kept case')} tried first"
        new = f"{count(document.run.kept, 'violation')} kept, to be tried first next time"
        parts = [*([tried] if outcomes else []), *([new] if document.run.kept else [])]
        lines += wrapped(f"{document.run.corpus}: {', '.join(parts)}", width, style=FAINT)
    return lines


def _empty(failed: Sequence[CheckRecord], short: dict[str, str], width: int) -> list[Text]:
    """Violations at n = 0, which are reported in their own lines and cause no other."""
    if not failed:
        return []
    lines = [Text(), Text("✗ n = 0: an empty vector must be answered, too", BAD)]
    seen: dict[str, list[str]] = {}
    for one in sorted(failed, key=lambda result: result.check != "definition"):
        assert one.violation_n0
        name = one.violation_n0.constant or short.get(one.declaration, one.declaration)
        text = f"{name} of {one.entry}: {clean(one.violation_n0.message)}"
        seen.setdefault(text, []).append(one.dtype)
    for text, dtypes in seen.items():
        lines += wrapped(f"{text} ({', '.join(dict.fromkeys(dtypes))})", width, "    ")
    remedy = "declare it with --min-n 1, or min_n: 1 in a catalogue: n = 0 is then unsupported"
    return [*lines, *wrapped(remedy, width, "    ", FAINT)]
