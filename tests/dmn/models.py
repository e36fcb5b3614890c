"""Small decision models for the tests, written as a modeler writes them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

HEAD = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m"'


def model(body: str, *, head: str = HEAD) -> bytes:
    """Return the XML of a model with this body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {head}>{body}</definitions>'.encode()
    )


def literal(text: str, attributes: str = "") -> str:
    """Return a literal expression."""
    return f"<literalExpression {attributes}><text>{escape(text)}</text></literalExpression>"


def decision(
    logic: str, *, name: str = "d", type_ref: str = "", requires: Sequence[str] = ()
) -> str:
    """Return a decision with its id as its name; `requires` hold `kind:id`, such as `Input:i`."""
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if type_ref else ""
    needs = "".join(_requirement(*one.split(":", 1)) for one in requires)
    return f'<decision id="{name}" name="{name}">{variable}{needs}{logic}</decision>'


def _requirement(kind: str, target: str) -> str:
    outer = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    href = target if "#" in target else f"#{target}"
    return f'<{outer}><required{kind} href="{href}"/></{outer}>'


def input_data(name: str, type_ref: str = "") -> str:
    """Return an input data with its id as its name."""
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>'
    return f'<inputData id="{name}" name="{name}">{variable}</inputData>'


def knowledge(name: str, parameters: Sequence[str], logic: str, *, type_ref: str = "") -> str:
    """Return a business knowledge model; `parameters` hold `name` or `name:type`."""
    formal = "".join(
        f'<formalParameter name="{one.partition(":")[0]}" typeRef="{one.partition(":")[2]}"/>'
        for one in parameters
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}" '
        f'typeRef="{type_ref}"/><encapsulatedLogic>{formal}{logic}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
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
