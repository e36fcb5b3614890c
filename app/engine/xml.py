"""Reads XML that somebody uploaded: UTF-8, small, shallow, without DOCTYPE, or not at all.

Everything that turns a designer's bytes into a tree (the lint, the definition loader) comes through
`parse`. There is no watchdog to kill a parse, because one thread cannot stop another: what bounds
the time are the caps checked before (bytes, encoding, no DOCTYPE, hence no entities and no second
file) and while walking (depth, number of nodes). At the caps a parse takes some 0.1 s.
Source: robustness demands for XML uploads (2 MB, UTF-8, depth 64, 50,000 nodes).
"""

import re

from lxml import etree

from app.errors import CaseError

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 50_000

_UTF8_BOM = b"\xef\xbb\xbf"
_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED_ENCODING = re.compile(
    rb"""\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']""", re.DOTALL
)
_POSITION = re.compile(r", line \d+, column \d+\Z")
_UTF8_NAMES = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


class XmlRefused(CaseError):
    """{filename} cannot be read as XML. Save it again from the modeler and upload that file."""

    code = "xml_refused"


class XmlTooLarge(XmlRefused):
    """{filename} is larger than {limit} bytes. Split the diagram into called processes."""

    code = "xml_too_large"


class XmlNotUtf8(XmlRefused):
    """{filename} is not UTF-8. Save it again with the encoding UTF-8."""

    code = "xml_not_utf8"


class XmlHasDoctype(XmlRefused):
    """{filename} holds a DOCTYPE or ENTITY declaration. Remove it: models need none."""

    code = "xml_has_doctype"


class XmlTooDeep(XmlRefused):
    """{filename} nests deeper than {limit} levels in line {line}. Draw it flatter."""

    code = "xml_too_deep"


class XmlTooManyNodes(XmlRefused):
    """{filename} has more than {limit} nodes. Split the diagram into called processes."""

    code = "xml_too_many_nodes"


class XmlNotWellFormed(XmlRefused):
    """{filename} is not well-formed XML in line {line}: {why}. Mend that line or save it again."""

    code = "xml_not_well_formed"


def parse(data: bytes, *, filename: str) -> etree._ElementTree:
    """Return the tree of `data`, every cap held; elements carry their `sourceline`.

    Raises:
        XmlRefused: one of its children says which rule the bytes break and how to mend them.
    """
    _refuse_bytes(data, filename=filename)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise XmlNotWellFormed(
            filename=filename, line=error.lineno or 1, why=_reason(error.msg)
        ) from error
    tree = root.getroottree()
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise XmlHasDoctype(filename=filename)
    _refuse_shape(root, filename=filename)
    return tree


def _refuse_bytes(data: bytes, *, filename: str) -> None:
    if len(data) > MAX_BYTES:
        raise XmlTooLarge(filename=filename, limit=MAX_BYTES)
    if not _is_utf8(data):
        raise XmlNotUtf8(filename=filename)
    if _FORBIDDEN.search(data):
        raise XmlHasDoctype(filename=filename)


def _is_utf8(data: bytes) -> bool:
    """UTF-16 without a mark is valid UTF-8 full of NULs, so those are refused as well."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    declared = _DECLARED_ENCODING.match(data.removeprefix(_UTF8_BOM))
    return b"\x00" not in data and (declared is None or declared[1].lower() in _UTF8_NAMES)


def _refuse_shape(root: etree._Element, *, filename: str) -> None:
    """Walk with a stack of our own: the cap on depth is checked before anything recurses."""
    count = 0
    waiting: list[tuple[etree._Element, int]] = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        count += 1 + len(element.attrib)
        if depth > MAX_DEPTH:
            raise XmlTooDeep(filename=filename, limit=MAX_DEPTH, line=element.sourceline)
        if count + len(waiting) > MAX_NODES:
            raise XmlTooManyNodes(filename=filename, limit=MAX_NODES)
        waiting.extend((child, depth + 1) for child in element)


def _reason(text: str | None) -> str:
    """The parser repeats the position in its sentence; the error carries it already."""
    return _POSITION.sub("", (text or "unreadable").splitlines()[0])
