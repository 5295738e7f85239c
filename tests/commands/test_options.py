"""The options that several commands have: the same words, and a help that fits a terminal."""

from __future__ import annotations

import argparse

import pytest

from harness.cli import build_parser
from tests.commands.conftest import Crosscheck

THREE = ("check", "campaign", "compare")
OWN = {
    "--list": "each lists what it would run",
    "--json": "each says what it writes",
    "--corpus": "a campaign keeps cases there, and tries none first",
    "--markdown": "compare writes into a file with markers",
}
"""Of the options that two of the three have, those with words of their own, and why."""


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = build_parser()._actions
    (found,) = (one for one in actions if isinstance(one, argparse._SubParsersAction))
    return dict(found.choices)


def options(command: str) -> dict[str, tuple[object, ...]]:
    return {
        option: (type(one), one.help, one.metavar, one.nargs, one.type, one.default, one.dest)
        for one in commands()[command]._actions
        for option in one.option_strings
    }


def test_check_campaign_and_compare_say_the_same_of_what_they_share() -> None:
    shared: set[str] = set()
    differ: set[str] = set()
    for left, right in (THREE[:2], THREE[1:], (THREE[0], THREE[2])):
        one, other = options(left), options(right)
        both = one.keys() & other.keys()
        shared |= both
        differ |= {option for option in both if one[option] != other[option]}
    assert differ == OWN.keys()
    assert {"--specs", "--dtype", "--seed", "--effort", "--backend", "--junit"} <= shared


@pytest.mark.parametrize("command", list(commands()))
def test_help_fits_the_terminal(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = crosscheck(command, "--help").out.splitlines()
    assert max(map(len, lines)) <= 80, max(lines, key=len)
    assert len(lines) > 5
