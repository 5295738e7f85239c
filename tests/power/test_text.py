"""The text of a power run."""

from __future__ import annotations

from harness.power.document import PowerDocument
from harness.power.text import lines, sentence
from tests.power.samples import CLEAN, POOR, document, row


def test_a_row_has_the_smallest_kill_and_all_checks() -> None:
    text = list(lines(CLEAN))
    assert text[0] == "crosscheck mutate · effort default · seed 1"
    assert "mutants/sample.yaml: 1 of 1 killed" in text
    (line,) = (one for one in text if one.startswith("tail"))
    # The theorem sees it at n = 2; which letters there are says which checks see it at all.
    words = "tail f32✓ f64✓ D·····T· 2 ties value, strided /"
    assert line.split() == words.split()
    assert not any(one.startswith(("right ", "alike", "limit")) for one in text)


def test_classes_and_tools_are_side_by_side() -> None:
    text = "\n".join(lines(CLEAN))
    assert "wrong by                   entries  crosscheck  assert_close  gradcheck" in text
    assert "some sizes, tails, blocks        1      2 of 2        1 of 2          –" in text
    assert "right: rejected                  1      0 of 1        1 of 1     0 of 0" in text


def test_findings_say_what_the_bound_resolves() -> None:
    text = list(lines(POOR))
    at = text.index("✗ lost: survived (why lost)")
    assert text[at + 1 : at + 3] == [
        "    float32: survived",
        "    the bound resolves 0.5 ulp at best (n = 2, ties); "
        "25% of the results have a bound of 0",
    ]
    assert "    float32: rejected, too strict" in text
    assert "+ limit: a stated limit that this run did see (why limit)" in text
    assert any(line.startswith("lost") and "f32✗" in line for line in text)


def test_the_last_line_is_the_score() -> None:
    assert (
        list(lines(CLEAN))[-1]
        == sentence(CLEAN)
        == (
            "1 of 1 wrong implementations are killed, none by n = 0 alone, and 1 of 1 right ones "
            "are spared, 1 of 1 equivalent within the arithmetic, too, 1 of 1 stated limits unseen "
            "(2 and 1 with their dtypes; effort default, seed 1, 60 s)."
        )
    )
    only = document(
        row(
            "empty", *(t.model_copy(update={"outcome": "n = 0 only"}) for t in CLEAN.rows[0].trials)
        )
    )
    assert "0 of 1 wrong implementations are killed, 1 by n = 0 alone" in sentence(only)


def test_without_mutants_there_is_no_matrix() -> None:
    empty: PowerDocument = document(CLEAN.rows[1])
    assert not any("killed" in line and ":" in line for line in list(lines(empty))[:-1])
