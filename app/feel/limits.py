"""The bounds within which every expression runs, whoever wrote it.

One place, so that an operator can see what a designer's upload may cost at most.
"""

MAX_TEXT = 32_768
"""Characters of one expression."""

MAX_DEPTH = 64
"""Levels of nesting in the text."""

MAX_CHAIN = 256
"""Operators of one kind in a row; `and` and `or` chains are exempt, they are flat."""

MAX_STEPS = 1_000_000
"""Weighted steps of one evaluation: about half a second, and at most some 40 bytes built by each.
"""

MAX_STRING = 1_000_000
"""Characters of any string an expression builds."""

MAX_LIST = 100_000
"""Items of any list an expression builds."""

MAX_PATTERN = 1_000
"""Characters of a regular expression."""

MAX_REASON = 400
"""Characters kept of one warning."""

MAX_WARNINGS = 50
"""Warnings kept of one evaluation."""

MAX_JSON_NODES = 120_000
"""Values written out by `to_json`."""

KEPT_EXPRESSIONS = 4_096
"""Compiled expressions kept at most, and as many unary tests; fewer where their texts are long."""

KEPT_CHARACTERS = 1_000_000
"""Characters of the texts whose compiled form is kept: some 200 MB at the very most."""

MAX_LOOKED_INTO = 256
"""Values inside the variables whose keys are looked at, where a name may hold an operator."""

KEPT_TEXTS = 512
"""Texts of which it is kept whether they may read a key with an operator in it."""

KEPT_NAME_TABLES = 64
"""Sets of known names kept ready for the parser."""
