"""Random literals and the texts that built-in functions read, by kind."""

import random
from collections.abc import Callable, Mapping

_STRINGS = (
    "",
    "a",
    "abc",
    "foobar",
    "Street Whistle",
    "街道吹哨",
    "部门报到",
    "👍投诉👍",
    "a-b-c",
    "2026-03-01",
    "Ünïcödé",
    "x y  z",
    "noise",
    "dust",
    "噪音",
    "12.5",
    "true",
    "aAbB",
    "占道经营，油烟",
    "ß",
    "e\u0301",
    "10:30",
    "a.b",
    "the quick brown fox",
    "𠮷野家",
)
_ESCAPED = (
    '"a\\"b"',
    '"tab\\there"',
    '"line\\nbreak"',
    '"back\\\\slash"',
    '"\\u4e2d"',
    '"\\uD83D\\uDC4D"',
)
_FRAGMENTS = ("", "a", "o", "b", "oo", "-", " ", "街", "👍", "xyz", "e", "Whistle", "报到", "A")
_PATTERNS = (
    "a",
    "[a-c]",
    "o+",
    "b.?",
    "^a",
    "c$",
    "(a)(b)",
    "[^a-z]",
    "\\\\d+",
    "\\\\s",
    "街|噪",
    "[街道]",
    ".",
    "(ab)|(cd)",
    "o{2}",
    "a*?b",
    "(?:oo|ar)",
    "^\\\\d{4}-\\\\d{2}",
    "[A-Z]",
    "👍",
    "\\\\w+",
    "x?",
    "-",
)
_REPLACEMENTS = ("", "x", "[$0]", "$1", "街", "-$1-", "👍")
_DELIMITERS = ("-", ",", " ", "[-, ]", "o", "\\\\s+", "b|c", "，", "街")
_ZONES = ("", "", "", "Z", "+08:00", "-05:30", "@Asia/Shanghai", "@Europe/Berlin")


class Literals:
    """Makes literals out of a stream of random numbers."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._texts: Mapping[str, Callable[[], str]] = {
            "number": self._number,
            "string": self._string,
            "boolean": lambda: rng.choice(("true", "false")),
            "date": lambda: self._temporal("date", self._date()),
            "time": lambda: self._temporal("time", self._time() + rng.choice(_ZONES)),
            "date and time": lambda: self._temporal("date and time", self._date_time()),
            "days": lambda: self._temporal("duration", self._days()),
            "months": lambda: self._temporal("duration", self._months()),
            "null": lambda: "null",
            "numeral": lambda: f'"{self._numeral()}"',
            "grouped": lambda: rng.choice(
                ('"1,234.5"', '"12,345"', '"0.5"', '"1,0,0"', '"-1,000.25"')
            ),
            "comma": lambda: '","',
            "point": lambda: '"."',
            "position": lambda: str(rng.choice((1, 1, 2, 2, 3, 4, -1, -2, 5, 0, 9))),
            "count": lambda: str(rng.choice((1, 2, 3, 2, 1, 0, 7))),
            "fragment": lambda: f'"{rng.choice(_FRAGMENTS)}"',
            "pattern": lambda: f'"{rng.choice(_PATTERNS)}"',
            "replacement": lambda: f'"{rng.choice(_REPLACEMENTS)}"',
            "flags": lambda: rng.choice(('"i"', '"s"', '"m"', '""', '"im"')),
            "delimiter": lambda: f'"{rng.choice(_DELIMITERS)}"',
            "scale": lambda: str(rng.choice((0, 1, 2, 3, -1, -2))),
            "small": lambda: str(rng.choice((0, 1, 2, -1, 0.5, 3.25, -4))),
            "whole": lambda: str(rng.choice((0, 1, 2, 3, -4, -7, 12, 2.5, 101))),
            "key": lambda: rng.choice(('"a"', '"level"', '"数量"', '"area"', '"missing"', '"b c"')),
            "case key": lambda: rng.choice(('"level"', '"数量"')),
            "keys": lambda: rng.choice(('["a"]', '["person", "age"]', '["数量"]', '["a", "b"]')),
            "year": lambda: str(rng.choice((2024, 2026, 1999, 2000, 1900, 1987))),
            "month": lambda: str(rng.choice((1, 2, 6, 11, 12, 12, 13))),
            "day": lambda: str(rng.choice((1, 15, 28, 29, 30, 31))),
            "hour": lambda: str(rng.choice((0, 8, 12, 23, 17))),
            "sixty": lambda: str(rng.choice((0, 1, 30, 59, 45))),
            "date text": lambda: f'"{self._date()}"',
            "time text": lambda: f'"{self._time()}{rng.choice(_ZONES)}"',
            "date and time text": lambda: f'"{self._date_time()}"',
            "days text": lambda: f'"{self._days()}"',
            "months text": lambda: f'"{self._months()}"',
        }

    def text(self, kind: str) -> str | None:
        """Write a literal of a kind; None where the kind has none."""
        make = self._texts.get(kind)
        return None if make is None else make()

    def _number(self) -> str:
        rng = self._rng
        return rng.choice(
            (
                lambda: str(rng.randint(0, 12)),
                lambda: str(rng.randint(0, 12)),
                lambda: str(rng.randint(0, 1000)),
                # Halves, quarters and eighths are exact on both sides.
                lambda: f"{rng.randint(0, 40) * 0.125:g}",
                lambda: f"{rng.randint(0, 99)}.{rng.randint(0, 99):02}",
                lambda: f".{rng.randint(1, 9)}",
                lambda: rng.choice(
                    ("1.5e3", "2.25E+2", "1.0e-3", "1e3", "123456789", "1234567.891")
                ),
            )
        )()

    def _numeral(self) -> str:
        return self._rng.choice(
            ("1", "12.5", "-3", "0.25", ".5", "1e3", "1.5E-2", "007", "x", "", "1.", "1 2")
        )

    def _string(self) -> str:
        if self._rng.random() < 0.08:
            return self._rng.choice(_ESCAPED)
        return f'"{self._rng.choice(_STRINGS)}"'

    def _temporal(self, function: str, text: str) -> str:
        return f'{function}("{text}")' if self._rng.random() < 0.3 else f'@"{text}"'

    def _date(self) -> str:
        rng = self._rng
        year = rng.choice((2024, 2025, 2026, 2026, 2000, 1999, 1901, 1987, 2100))
        month = rng.randint(1, 12)
        last = 29 if month == 2 and year % 4 == 0 and year != 2100 else (28 if month == 2 else 30)
        return f"{year}-{month:02}-{rng.choice((1, 15, last, rng.randint(1, last))):02}"

    def _time(self) -> str:
        rng = self._rng
        text = f"{rng.choice((0, 8, 12, 23, rng.randint(0, 23))):02}:{rng.choice((0, 30, 59)):02}"
        fraction = rng.choice(("", "", "", "", ".5", ".125"))
        return f"{text}:{rng.choice((0, 0, 15, 59)):02}{fraction}"

    def _date_time(self) -> str:
        return f"{self._date()}T{self._time()}{self._rng.choice(_ZONES)}"

    def _days(self) -> str:
        rng = self._rng
        clock = rng.choice(("PT1H", "PT90M", "PT12H30M", "PT45S", "PT0S", "PT36H", "PT2H0.5S"))
        day = f"P{rng.randint(1, 40)}D"
        both = f"P{rng.randint(1, 9)}DT{rng.randint(1, 23)}H"
        return rng.choice(("", "", "", "-")) + rng.choice((clock, day, both))

    def _months(self) -> str:
        rng = self._rng
        text = rng.choice(("P1M", "P1Y", "P1Y2M", "P14M", "P2Y11M", f"P{rng.randint(1, 30)}M"))
        return rng.choice(("", "", "", "-")) + text
