"""The plain expressions of the FEEL bench, and what the standard says each is worth.

All three libraries get the same texts and the same context. Values are written as JSON; a moment or
a duration as the text of ISO 8601.
"""

from typing import Any

CONTEXT: dict[str, Any] = {
    "case": {"level": 2, "area": "north", "days": 5},
    "name": "Li Wei",
    "scores": [70, 85, 90],
}
CONDITION = 'case.level >= 2 and case.area = "north"'

CASES: tuple[tuple[str, Any], ...] = (
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("10 - 2 - 3", 5),
    ("2 ** 3", 8),
    ("7 / 2", 3.5),
    ("-(3 - 5)", 2),
    ("0.1 + 0.2 = 0.3", True),
    ("case.level + 1", 3),
    ("case.level >= 2", True),
    (CONDITION, True),
    ('case.level > 2 or case.area = "north"', True),
    ('case.area != "south"', True),
    ("case.days between 1 and 7", True),
    ("case.days in [1..5]", True),
    ("case.days in [1..5)", False),
    ("case.days in (1, 5, 9)", True),
    ("not(case.level = 2)", False),
    ("null = null", True),
    ("true and null", None),
    ('if case.level > 1 then "high" else "low"', "high"),
    ('"a" + "b"', "ab"),
    ("upper case(name)", "LI WEI"),
    ("string length(name)", 6),
    ("substring(name, 4)", "Wei"),
    ('contains(name, "Wei")', True),
    ('starts with(name, "Li")', True),
    ('substring before(name, " ")', "Li"),
    ('matches(name, "^Li")', True),
    ('replace(name, "Li", "Wang")', "Wang Wei"),
    ('split("a;b;c", ";")', ["a", "b", "c"]),
    ("count(scores)", 3),
    ("sum(scores)", 245),
    ("max(scores)", 90),
    ("mean([1, 2, 3])", 2),
    ("scores[1]", 70),
    ("scores[-1]", 90),
    ("scores[item > 80]", [85, 90]),
    ("list contains(scores, 85)", True),
    ("some x in scores satisfies x > 89", True),
    ("every x in scores satisfies x > 69", True),
    ("for x in scores return x + 1", [71, 86, 91]),
    ("{a: 1, b: a + 1}.b", 2),
    ("floor(2.7)", 2),
    ("decimal(2.456, 2)", 2.46),
    ("modulo(10, 3)", 1),
    ('date("2026-03-01")', "2026-03-01"),
    ('date("2026-03-01").year', 2026),
    ('date("2026-03-01") + duration("P1D")', "2026-03-02"),
    ('date("2026-03-01") < date("2026-03-02")', True),
    ('duration("P1DT2H")', "P1DT2H"),
)
