"""The variables that generated expressions speak of: each by an expression that both sides read.

Names are one word, several words, Chinese, or hold an operator.
"""

VARIABLES = {
    "n": "7",
    "level": "3",
    "件数": "12",
    "amount": "1250.75",
    "cost-total": "80",
    "负数": "-2.5",
    "urgent": "true",
    "已结案": "false",
    "name": '"street whistle"',
    "街道": '"双井街道👍"',
    "full name": '"李 雷"',
    "empty": '""',
    "opened": '@"2026-01-31"',
    "生日": '@"1988-02-29"',
    "when": '@"2026-03-01T08:30:00"',
    "due at": '@"2026-03-05T18:00:00+08:00"',
    "utc": '@"2024-12-31T23:59:59Z"',
    "start time": '@"08:30:00"',
    "clock": '@"23:15:30+08:00"',
    "limit": '@"PT4H"',
    "时限": '@"P3DT12H30M"',
    "term": '@"P1Y2M"',
    "numbers": "[3, 1, 2, 5, 4, 1]",
    "数量": "[10, 20.5, -3, 0]",
    "words": '["noise", "dust", "占道经营", "", "dust"]',
    "flags": "[true, false, null]",
    "dates": '[@"2026-01-01", @"2025-12-31", @"2026-02-15"]',
    "nothing": "null",
    "case": (
        '{level: 2, area: "north", 数量: 4, opened: @"2026-02-01", '
        'person: {name: "王芳", age: 41}, tags: ["a", "b"]}'
    ),
    "reports": (
        '[{kind: "noise", size: 3, 等级: 2, on: @"2026-01-03"}, '
        '{kind: "dust", size: 8, 等级: 1, on: @"2026-01-01"}, '
        '{kind: "噪音", size: 1, 等级: 3, on: @"2026-02-28"}]'
    ),
    "band": "[1..10)",
}

BY_KIND = {
    "number": ("n", "level", "件数", "amount", "cost-total", "负数"),
    "boolean": ("urgent", "已结案"),
    "string": ("name", "街道", "full name", "empty"),
    "date": ("opened", "生日"),
    "date and time": ("when", "due at", "utc"),
    "time": ("start time", "clock"),
    "days": ("limit", "时限"),
    "months": ("term",),
    "numbers": ("numbers", "数量"),
    "strings": ("words",),
    "booleans": ("flags",),
    "dates": ("dates",),
    "contexts": ("reports",),
    "context": ("case",),
    "case": ("case",),
    "range": ("band",),
    "null": ("nothing",),
}
"""The variables by the kind of their values."""

CASE_ENTRIES = {
    "number": ("level", "数量"),
    "string": ("area",),
    "date": ("opened",),
    "context": ("person",),
    "strings": ("tags",),
}
"""The entries of `case` by kind."""

REPORT_ENTRIES = {"number": ("size", "等级"), "string": ("kind",), "date": ("on",)}
"""The entries of each item of `reports` by kind."""
