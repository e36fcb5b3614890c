"""Reads the XML of a decision model with everything switched off that could harm.

Only elements of DMN's own namespaces are seen, whichever version wrote them (1.1 to 1.5).
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from app.dmn.errors import DmnError

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_FEEL = 400_000
"""Characters of all cells and expressions of one model, since compiling them takes the time."""

MAX_PARTS = 2_000
"""Decisions, inputs, knowledge models, services and types of one model."""

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
_FORBIDDEN = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)


class Element:
    """An element of the model, its local name and children of DMN's namespaces only."""

    __slots__ = ("node",)

    def __init__(self, node: etree._Element) -> None:
        self.node = node

    @property
    def tag(self) -> str:
        """The local name."""
        return etree.QName(self.node).localname

    @property
    def line(self) -> int:
        """The line in the file, from 1."""
        return int(self.node.sourceline or 0)

    @property
    def id(self) -> str:
        """The id, empty if there is none."""
        return self.get("id")

    @property
    def name(self) -> str:
        """The name with its white space made plain, empty if there is none."""
        return " ".join(self.get("name").split())

    def get(self, attribute: str) -> str:
        """Return an attribute, empty if it is not there."""
        return str(self.node.get(attribute, ""))

    def children(self, *tags: str) -> Iterator["Element"]:
        """Yield the children of DMN's namespaces, of these tags if any are given."""
        for node in self.node:
            if not isinstance(node.tag, str):
                continue
            name = etree.QName(node)
            if name.namespace in NAMESPACES and (not tags or name.localname in tags):
                yield Element(node)

    def child(self, *tags: str) -> "Element | None":
        """Return the first child of one of these tags."""
        return next(self.children(*tags), None)

    def text_of(self, tag: str) -> str:
        """Return the stripped text of the first child of that tag, empty without one."""
        found = self.child(tag)
        return "" if found is None else "".join(found.node.itertext()).strip()

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The namespaces in force here by the prefix that was declared for them."""
        return {prefix: uri for prefix, uri in self.node.nsmap.items() if prefix}

    def wrong(self, why: str) -> DmnError:
        """Return the error that names this element."""
        return DmnError(self.line, self.id or self.name, why)


def parse(data: bytes) -> Element:
    """Return the `definitions` element of a model.

    Raises:
        DmnError: it is no XML, no DMN, too large, or holds what XML uploads may not.
    """
    if len(data) > MAX_BYTES:
        raise DmnError(1, "", f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise DmnError(1, "", "the file is not in UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise DmnError(1, "", "the file is not in UTF-8") from None
    if _FORBIDDEN.search(data):
        raise DmnError(1, "", "a DOCTYPE or ENTITY is not permitted")
    return _checked(_tree(data))


def _tree(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DmnError(line, "", f"the file is no well-formed XML: {error.msg}") from None
    if root.getroottree().docinfo.doctype:
        raise DmnError(1, "", "a DOCTYPE or ENTITY is not permitted")
    return root


def _checked(root: etree._Element) -> Element:
    line = int(root.sourceline or 1)
    count = depth = characters = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "end":
            continue
        count += 1
        if isinstance(node.tag, str) and node.tag.endswith("}text"):
            characters += len(node.text or "")
        if depth > MAX_DEPTH:
            raise DmnError(line, "", f"elements are nested deeper than {MAX_DEPTH}")
        if count > MAX_NODES:
            raise DmnError(line, "", f"there are more than {MAX_NODES} elements")
        if characters > MAX_FEEL:
            raise DmnError(line, "", f"the cells hold more than {MAX_FEEL} characters together")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise DmnError(line, "", "this is no decision model (DMN 1.1 to 1.5)")
    if len(root) > MAX_PARTS:
        raise DmnError(line, "", f"there are more than {MAX_PARTS} parts")
    return Element(root)
