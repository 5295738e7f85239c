"""Elements of HTML, MathML and SVG as text: whatever goes into one is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

_VOID = frozenset({"rect", "line", "path", "circle", "mspace", "polyline", "br", "use"})


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """`<name attributes>children</name>`; children that are Markup stay as they are.

    An attribute `class_` is `class`, `aria_label` is `aria-label`; None leaves it out.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID and not children:
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{joined(children)}</{name}>")


def joined(parts: Iterable[object]) -> Markup:
    """The parts one behind the other, each escaped."""
    return Markup("").join(escape(part) for part in parts)
