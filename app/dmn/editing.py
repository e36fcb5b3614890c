"""A decision table as a sheet of rows and columns, read from its file and written back into it.

Only what changed in the rows is written; ids, notes, layout and everything this module does not
know stay as they are. Cells are FEEL texts here. The use cases around tables call it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from app.dmn.errors import UnknownDecision
from app.dmn.xml import Element, parse

_ANY = "-"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: what an input tests or how an output is called, its type and listed values.

    `key` is the id of an input and the name of an output: by it label files call the column.
    """

    id: str
    key: str
    label: str
    is_input: bool
    expression: str
    type: str
    listed: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its id, the FEEL text of each cell in the order of the columns, and its note."""

    id: str
    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A decision table. `note` says what it decides."""

    decision_id: str
    name: str
    note: str
    policy: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]

    def row(self, row_id: str) -> SheetRow | None:
        """Return the row with that id."""
        return next((row for row in self.rows if row.id == row_id), None)

    def having(self, rows: Sequence[SheetRow]) -> "Sheet":
        """Return the same table with other rows."""
        return replace(self, rows=tuple(rows))


def read_sheets(data: bytes) -> tuple[Sheet, ...]:
    """Return every decision table of a model that is a decision's whole logic.

    Raises:
        DmnError: the file is no decision model.
    """
    decisions = parse(data).children("decision")
    return tuple(
        _sheet(decision, table)
        for decision in decisions
        if decision.id and (table := decision.child("decisionTable")) is not None
    )


def read_sheet(data: bytes, decision_id: str) -> Sheet:
    """Return the decision table of one decision.

    Raises:
        DmnError: the file is no decision model. UnknownDecision: it has no such table.
    """
    found = read_sheets(data)
    for sheet in found:
        if sheet.decision_id == decision_id:
            return sheet
    raise UnknownDecision(decision_id, [sheet.decision_id for sheet in found])


def write_rows(data: bytes, decision_id: str, rows: Sequence[SheetRow]) -> bytes:
    """Return the file with other rows in one table, the very bytes where they are the same.

    Every row has an id of its own and as many cells as the table has columns; a row whose id is in
    the file keeps what else is in it.

    Raises:
        DmnError: the file is no decision model. UnknownDecision: it has no such table.
        ValueError: a row has another number of cells than the table has columns.
    """
    before = read_sheet(data, decision_id)
    if tuple(rows) == before.rows:
        return data
    if any(len(row.cells) != len(before.columns) for row in rows):
        raise ValueError("a row needs one cell for each column")
    tree = _tree(data)
    table = _table(tree, decision_id)
    _Writer(table, before).write(rows)
    return _serialised(tree, data)


def cell_ids(data: bytes, decision_id: str) -> dict[str, tuple[str, int]]:
    """Return by the id of each cell's element its row's id and its column's place.

    Raises:
        DmnError: the file is no decision model.
    """
    found: dict[str, tuple[str, int]] = {}
    for decision in parse(data).children("decision"):
        table = decision.child("decisionTable")
        if decision.id != decision_id or table is None:
            continue
        for row_id, rule in _rules(table):
            entries = [*rule.children("inputEntry"), *rule.children("outputEntry")]
            found |= {each.id: (row_id, place) for place, each in enumerate(entries) if each.id}
    return found


# --- reading ----------------------------------------------------------------------------------


def _sheet(decision: Element, table: Element) -> Sheet:
    columns = (*map(_input, table.children("input")), *map(_output, table.children("output")))
    return Sheet(
        decision_id=decision.id,
        name=decision.name,
        note=decision.text_of("description"),
        policy=table.get("hitPolicy") or "UNIQUE",
        columns=columns,
        rows=tuple(_row(rule, len(columns)) for rule in _rules(table)),
    )


def _rules(table: Element) -> Iterator[tuple[str, Element]]:
    """Yield the rows with their ids; one without an id is called by its place."""
    for number, rule in enumerate(table.children("rule"), 1):
        yield rule.id or f"row {number}", rule


def _input(element: Element) -> SheetColumn:
    expression = element.child("inputExpression")
    values = element.child("inputValues")
    text = "" if expression is None else expression.text_of("text")
    return SheetColumn(
        id=element.id,
        key=element.id,
        label=element.get("label") or text,
        is_input=True,
        expression=text,
        type="" if expression is None else expression.get("typeRef"),
        listed="" if values is None else values.text_of("text"),
    )


def _output(element: Element) -> SheetColumn:
    values = element.child("outputValues")
    return SheetColumn(
        id=element.id,
        key=element.name,
        label=element.get("label") or element.name,
        is_input=False,
        expression="",
        type=element.get("typeRef"),
        listed="" if values is None else values.text_of("text"),
    )


def _row(named: tuple[str, Element], width: int) -> SheetRow:
    row_id, rule = named
    cells = [_plain(each.text_of("text")) for each in rule.children("inputEntry")]
    cells += [each.text_of("text") for each in rule.children("outputEntry")]
    cells += [""] * (width - len(cells))
    return SheetRow(row_id, tuple(cells[:width]), rule.text_of("description"))


def _plain(test: str) -> str:
    """Return a test, the dash of "anything" as the empty text."""
    return "" if test == _ANY else test


# --- writing ----------------------------------------------------------------------------------


def _tree(data: bytes) -> etree._Element:
    """Read the file again with all that is in it; `parse` has found it harmless before."""
    keeping = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, keeping)


def _table(root: etree._Element, decision_id: str) -> Element:
    for decision in Element(root).children("decision"):
        table = decision.child("decisionTable")
        if decision.id == decision_id and table is not None:
            return table
    raise UnknownDecision(decision_id, [])


def _serialised(root: etree._Element, before: bytes) -> bytes:
    for node in root.iter("{*}text"):
        if node.text is None and not len(node):
            node.text = ""  # written as <text></text>, as modelers do
    tree = root.getroottree()
    written = bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=False))
    if b'" />' in before and b'"/>' not in before:
        written = written.replace(b'"/>', b'" />')
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


class _Writer:
    """Puts rows into the element of a table, in their order."""

    def __init__(self, table: Element, before: Sheet) -> None:
        self.node = table.node
        self.columns = before.columns
        self.inputs = sum(column.is_input for column in before.columns)
        self.before = {row.id: row for row in before.rows}
        self.rules = {name: rule.node for name, rule in _rules(table)}
        self.namespace = etree.QName(table.node).namespace

    def write(self, rows: Sequence[SheetRow]) -> None:
        at, indent, last = self._place()
        for node in self.rules.values():
            self.node.remove(node)
        made = [self._rule(row) for row in rows]
        for offset, node in enumerate(made):
            node.tail = indent
            self.node.insert(at + offset, node)
        if made:
            made[-1].tail = last

    def _place(self) -> tuple[int, str | None, str | None]:
        """Return where the rows stand, and the white space between and behind them."""
        nodes = list(self.rules.values())
        if nodes:
            between = nodes[0].tail if len(nodes) > 1 else nodes[0].getprevious()
            indent = between.tail if isinstance(between, etree._Element) else between
            return self.node.index(nodes[0]), indent, nodes[-1].tail
        if not len(self.node):
            return 0, None, None
        behind = self.node[-1].tail
        self.node[-1].tail = self.node[0].tail if len(self.node) > 1 else behind
        return len(self.node), self.node[-1].tail, behind

    def _rule(self, row: SheetRow) -> etree._Element:
        known = self.rules.get(row.id)
        node = self._new(row) if known is None else known
        before = self.before.get(row.id)
        if before is None or before.note != row.note:
            self._note(node, row.note)
        old = before.cells if before else ("",) * len(row.cells)
        for entry, cell, was in zip(self._entries(node), row.cells, old, strict=False):
            if cell != was:
                self._text(entry).text = cell
        return node

    def _entries(self, node: etree._Element) -> list[etree._Element]:
        """Return the cells of a rule, making those that it lacks."""
        found = Element(node)
        tests = [each.node for each in found.children("inputEntry")][: self.inputs]
        results = [each.node for each in found.children("outputEntry")]
        while len(tests) < self.inputs:
            tests.append(self._add(node, "inputEntry", after=tests[-1] if tests else None))
        while len(results) < len(self.columns) - self.inputs:
            results.append(
                self._add(node, "outputEntry", after=results[-1] if results else tests[-1])
            )
        return [*tests, *results]

    def _new(self, row: SheetRow) -> etree._Element:
        node = self._element("rule")
        node.set("id", row.id)
        node.text = "\n        "
        for column in self.columns:
            entry = self._element("inputEntry" if column.is_input else "outputEntry")
            entry.set("id", f"{row.id}_{column.key or column.id}")
            text = self._element("text")
            text.tail, entry.text, entry.tail = "\n        ", "\n          ", "\n        "
            entry.append(text)
            node.append(entry)
        if len(node):
            node[-1].tail = "\n      "
        return node

    def _note(self, node: etree._Element, note: str) -> None:
        found = Element(node).child("description")
        if found is None and note:
            made = self._element("description")
            made.tail = node.text
            node.insert(0, made)
            made.text = note
        elif found is not None:
            for inner in list(found.node):
                found.node.remove(inner)
            found.node.text = note

    def _text(self, entry: etree._Element) -> etree._Element:
        found = Element(entry).child("text")
        node = found.node if found is not None else self._element("text")
        if found is None:
            entry.append(node)
        for inner in list(node):
            node.remove(inner)
        return node

    def _add(
        self, node: etree._Element, tag: str, *, after: etree._Element | None
    ) -> etree._Element:
        made = self._element(tag)
        at = node.index(after) + 1 if after is not None else len(node)
        node.insert(at, made)
        return made

    def _element(self, tag: str) -> etree._Element:
        return etree.Element(f"{{{self.namespace}}}{tag}", nsmap=None)
