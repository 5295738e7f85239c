"""The forms in which each constant may be computed, as a library of specs licenses them."""

from __future__ import annotations

from harness.evaluate.forms import Form, FormTable
from harness.specs.library import SpecLibrary


def form_table(library: SpecLibrary) -> FormTable:
    """Constant -> its forms, its own equation first, then those that theorems license."""
    table = {
        constant: [Form(library.base_forms.get(constant) or "", definition)]
        for constant, definition in library.definitions.items()
    }
    for rewrite in library.rewrites:
        table[rewrite.constant].append(Form(rewrite.form, rewrite.definition))
    return {constant: tuple(forms) for constant, forms in table.items()}
