"""Small decision models for the tests, written as a modeler writes them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

HEAD = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m"'


def model(body: str, *, head: str = HEAD) -> bytes:
    """Return the XML of a model with this body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {head}>{body}</definitions>'.encode()
    )


def table(
    rules: Sequence[Sequence[str]],
    *,
    inputs: Sequence[str] = ("x",),
    outputs: Sequence[str] = ("out",),
    policy: str = "UNIQUE",
    aggregation: str = "",
    allowed: str = "",
    default: str = "",
) -> bytes:
    """Return a model of one decision `d`, a table whose rules list their cells in order."""
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    head = "".join(
        f'<input label="{escape(text)}"><inputExpression><text>{escape(text)}</text>'
        "</inputExpression></input>"
        for text in inputs
    )
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    values += (
        f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
        if default
        else ""
    )
    head += "".join(f'<output name="{escape(name)}">{values}</output>' for name in outputs)
    rows = "".join(_rule(number, cells, len(inputs)) for number, cells in enumerate(rules, 1))
    return model(
        f'<decision id="d" name="The decision"><decisionTable id="t" hitPolicy="{policy}"{extra}>'
        f"{head}{rows}</decisionTable></decision>"
    )


def _rule(number: int, cells: Sequence[str], inputs: int) -> str:
    entries = "".join(
        f"<{'inputEntry' if index < inputs else 'outputEntry'}><text>{escape(cell)}</text>"
        f"</{'inputEntry' if index < inputs else 'outputEntry'}>"
        for index, cell in enumerate(cells)
    )
    return f'<rule id="r{number}"><description>row {number}</description>{entries}</rule>'
