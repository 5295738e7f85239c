"""The symbols and reserved words of the language: their terminals, and hints for those outside."""

from __future__ import annotations

# Symbol as written -> its terminal in grammar.lark and its canonical spelling.
SYMBOLS = {
    "<|": ("_PIPE", "<|"),
    "↔": ("IFF", "↔"),
    "<->": ("IFF", "↔"),
    "→": ("ARROW", "→"),
    "->": ("ARROW", "→"),
    "∨": ("OR", "∨"),
    "\\/": ("OR", "∨"),
    "∧": ("AND", "∧"),
    "/\\": ("AND", "∧"),
    "=": ("RELATION", "="),
    "≠": ("RELATION", "≠"),
    "<": ("RELATION", "<"),
    "≤": ("RELATION", "≤"),
    "<=": ("RELATION", "≤"),
    ">": ("RELATION", ">"),
    "≥": ("RELATION", "≥"),
    ">=": ("RELATION", "≥"),
    "+": ("PLUS", "+"),
    "-": ("MINUS", "-"),
    "*": ("TIMES", "*"),
    "/": ("TIMES", "/"),
    "•": ("SMUL", "•"),
    "^": ("POW", "^"),
    "¬": ("NOT", "¬"),
    "↑": ("UP", "↑"),
    "∀": ("FORALL", "∀"),
    "∑": ("SUM", "∑"),
    "λ": ("FUN", "fun"),
    "=>": ("_MAPSTO", "=>"),
    "↦": ("_MAPSTO", "=>"),
    ":=": ("_ASSIGN", ":="),
    ":": ("_COLON", ":"),
    ",": ("_COMMA", ","),
    ";": ("_SEMICOLON", ";"),
    "(": ("LPAR", "("),
    ")": ("_RPAR", ")"),
    "{": ("LBRACE", "{"),
    "}": ("_RBRACE", "}"),
    "⦃": ("LSTRICT", "⦃"),
    "⦄": ("_RSTRICT", "⦄"),
    "⟪": ("LINNER", "⟪"),
    "⟫_ℝ": ("_RINNER", "⟫_ℝ"),
    "@": ("AT", "@"),
}


WORDS = {
    "fun": ("FUN", "fun"),
    "forall": ("FORALL", "∀"),
    "let": ("LET", "let"),
    "_": ("HOLE", "_"),
}


BARS = {"|": ("OPEN_ABS", "CLOSE_ABS"), "‖": ("OPEN_NORM", "CLOSE_NORM")}


ENDS_OPERAND = {"NAME", "NUMBER", "FIELD", "_RPAR", "_RINNER", "CLOSE_ABS", "CLOSE_NORM"}


# Words that Lean reserves and that no name can be.
OUTSIDE_WORDS = frozenset(
    (
        *("if", "then", "else", "match", "with", "do", "by", "have", "show", "from", "in", "at"),
        *("exists", "suffices", "calc", "where", "nomatch", "return", "for", "theorem", "lemma"),
        *("def", "example", "abbrev", "instance", "axiom", "variable", "open", "namespace", "end"),
        *("section", "import", "Sort"),
    )
)


OUTSIDE_HINTS = {
    "!=": "the proposition is written ≠",
    "==": "the proposition is written =",
    "⁻¹": "write 1 / x",
    "→L": "linear maps are over ℝ: →L[ℝ]",
    "⟫": "the inner product is written ⟪a, b⟫_ℝ or inner ℝ a b",
    "[": "instance arguments and lists are not part of it",
    "∃": "a statement says what holds for all",
    "∈": "sums and quantifiers run over a whole type",
    "∘": "write fun x => f (g x)",
    ".": "a field is written x.ofLp or (f x).ofLp, without spaces",
}
