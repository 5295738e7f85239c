"""Characters of YAML texts are followed to their place in the file."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.specs.scalar import offsets


def _placed(source: str) -> tuple[str, list[int] | None]:
    events: Any = yaml.parse(source, Loader=yaml.SafeLoader)
    scalars: list[Any] = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    event = scalars[1]
    span = (event.start_mark.index, event.end_mark.index)
    return event.value, offsets(source, span, event.style or "", event.value)


@pytest.mark.parametrize(
    "source",
    [
        "key: plain text # comment",
        "key: plain text\n  on two lines",
        'key: "quoted text"',
        'key: "quoted\n\n  text"',
        "key: 'it''s quoted'",
        "key: |\n  literal\n    text\n",
        "key: |-  # comment\n\n  literal\n",
        "key: >-\n  folded\n  text\n\n  of two 𝕜 lines δ\n",
        "key: |2\n    indented\n  text\n",
    ],
)
def test_every_visible_character_is_found(source: str) -> None:
    value, found = _placed(source)
    assert found is not None
    assert len(found) == len(value)
    visible = [
        (character, index) for character, index in zip(value, found, strict=True) if character > " "
    ]
    assert [source[index] for _, index in visible] == [character for character, _ in visible]
    assert [index for _, index in visible] == sorted({index for _, index in visible})


def test_escapes_hide_characters() -> None:
    assert _placed('key: "a\\u2200b"') == ("a∀b", None)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab∀δ𝕜'\"# :|>\\\n"), min_size=1), st.sampled_from("'\"|>"))
def test_what_a_dumper_writes_is_followed(text: str, style: str) -> None:
    source = yaml.dump({"key": text}, default_style=style, allow_unicode=True)
    value, found = _placed(source)
    if found is None:
        assert "\\" in source
        return
    pairs = zip(value, found, strict=True)
    assert all(source[index] == character for character, index in pairs if character > " ")
