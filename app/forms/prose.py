"""Words to read inside a form, as blocks a template prints without trusting any HTML.

`text` components are Markdown, `html` components HTML; both become headings, paragraphs, lists and
quotes of plain spans. What else HTML can do (scripts, styles, frames, handlers) is left out.
"""

import re
from dataclasses import dataclass
from html import escape as escape_html
from html.parser import HTMLParser

_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s+")
_ITEM = re.compile(r"\s*(?:([-*+])|\d{1,4}[.)])\s+(.*)$")
_RULE = re.compile(r"\s*(?:-\s*){3,}$|\s*(?:\*\s*){3,}$")
_INLINE = re.compile(
    r"\\(?P<plain>[^\w\s]|_)"
    r"|`(?P<code>[^`]+)`"
    r"|\[(?P<words>[^\]]{1,500})\]\((?P<link>[^)\s]{1,2000})\)"
    r"|\*\*(?P<strong>(?:\\.|[^*\\])+)\*\*"
    r"|__(?P<strong2>(?:\\.|[^_\\])+)__"
    r"|\*(?P<emphasis>(?:\\.|[^*\\])+)\*"
    r"|(?<!\w)_(?P<emphasis2>(?:\\.|[^_\\])+)_(?!\w)"
)
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!>|])")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one manner; `href` is empty or a link that is safe to follow."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    is_code: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (with level), paragraph, list, quote or rule; a list has one line per item."""

    kind: str
    lines: tuple[tuple[Span, ...], ...] = ()
    level: int = 0
    is_ordered: bool = False


def safe_link(href: str) -> str:
    """Return a link that may be printed: http(s), mail, telephone or this site; else nothing."""
    href = re.sub(r"[\x00-\x20]", "", href)
    return href if _SAFE_LINK.match(href) else ""


def escape_markdown(value: str) -> str:
    """Take every meaning from a value that is put into Markdown."""
    return _MARKS.sub(r"\\\1", value)


def escape_markup(value: str) -> str:
    """Take every meaning from a value that is put into HTML."""
    return escape_html(value)


def from_markdown(source: str) -> tuple[Block, ...]:
    """Read the Markdown of a `text` component."""
    blocks: list[Block] = []
    paragraph: list[str] = []

    def finish() -> None:
        if paragraph:
            blocks.append(Block("paragraph", tuple(_spans(line) for line in paragraph)))
            paragraph.clear()

    for line in source.splitlines():
        block = _line_block(line)
        if block is None and line.strip():
            paragraph.append(line.strip())
            continue
        finish()
        if block is not None:
            _append(blocks, block)
    finish()
    return tuple(blocks)


def _line_block(line: str) -> Block | None:
    """Return the block a line is by itself, None for a line of a paragraph or an empty one."""
    if _RULE.match(line):
        return Block("rule")
    heading = _HEADING.match(line)
    if heading:
        words = line[heading.end() :].strip().rstrip("#").rstrip()
        return Block("heading", (_spans(words),), level=len(heading[1]))
    item = _ITEM.match(line)
    if item:
        return Block("list", (_spans(item[2]),), is_ordered=item[1] is None)
    if line.startswith(">"):
        return Block("quote", (_spans(line[1:].strip()),))
    return None


def _append(blocks: list[Block], block: Block) -> None:
    """Add a block; a list item or quoted line joins the one above it."""
    above = blocks[-1] if blocks else None
    if (
        above is not None
        and block.kind in ("list", "quote")
        and (above.kind, above.is_ordered) == (block.kind, block.is_ordered)
    ):
        blocks[-1] = Block(block.kind, above.lines + block.lines, is_ordered=block.is_ordered)
    else:
        blocks.append(block)


def _spans(line: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    position = 0
    for found in _INLINE.finditer(line):
        _add_text(spans, line[position : found.start()])
        position = found.end()
        spans.append(_span(found))
    _add_text(spans, line[position:])
    return tuple(_joined(spans))


def _span(found: re.Match[str]) -> Span:
    kind, text = found.lastgroup or "", found[found.lastgroup or 0]
    if kind == "link":
        return Span(_unescaped(found["words"]), href=safe_link(text))
    if kind == "code":
        return Span(text, is_code=True)
    if kind == "plain":
        return Span(text)
    is_strong = kind.startswith("strong")
    return Span(_unescaped(text), is_strong=is_strong, is_emphasis=not is_strong)


def _add_text(spans: list[Span], text: str) -> None:
    if text:
        spans.append(Span(text))


def _unescaped(text: str) -> str:
    return re.sub(r"\\([^\w\s]|_)", r"\1", text)


def _joined(spans: list[Span]) -> list[Span]:
    """Join neighbours that look alike, so that an escaped text is one span."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1] == Span(joined[-1].text) and span == Span(span.text):
            joined[-1] = Span(joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined


def from_html(source: str) -> tuple[Block, ...]:
    """Read the words of an `html` component and drop everything else."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.finish()
    return tuple(reader.blocks)


_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SILENT = frozenset({"script", "style", "template", "iframe", "object", "noscript", "title", "svg"})
_BLOCKS = frozenset({"p", "div", "section", "article", "table", "tr", "ul", "ol", "pre", "form"})


class _Reader(HTMLParser):
    """Collects text under the block and the manner it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.spans: list[Span] = []
        self.kind, self.level = "paragraph", 0
        self.lists: list[bool] = []
        self.manners: list[tuple[str, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "br":
            self.finish(self.kind)
        elif tag == "hr":
            self.finish()
            self.blocks.append(Block("rule"))
        elif tag in _HEADINGS:
            self.finish("heading", _HEADINGS[tag])
        elif tag == "li":
            self.finish("list")
        elif tag == "blockquote":
            self.finish("quote")
        elif tag in _BLOCKS:
            self.finish()
            if tag in ("ul", "ol"):
                self.lists.append(tag == "ol")
        elif tag in ("td", "th"):
            self.spans.append(Span(" "))
        else:
            self.manners.append((tag, safe_link(dict(attrs).get("href") or "")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _HEADINGS or tag in _BLOCKS or tag in ("li", "blockquote"):
            self.finish()
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
        else:
            for number in range(len(self.manners) - 1, -1, -1):
                if self.manners[number][0] == tag:
                    del self.manners[number]
                    break

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if self.silent or not text:
            return
        tags = {tag for tag, _ in self.manners}
        href = next((href for tag, href in reversed(self.manners) if tag == "a"), "")
        self.spans.append(
            Span(
                text,
                is_strong=bool(tags & {"b", "strong"}),
                is_emphasis=bool(tags & {"i", "em"}),
                is_code="code" in tags,
                href=href,
            )
        )

    def finish(self, kind: str = "paragraph", level: int = 0) -> None:
        """End the block being read and begin one of `kind`."""
        if any(span.text.strip() for span in self.spans):
            is_ordered = self.kind == "list" and bool(self.lists) and self.lists[-1]
            block = Block(self.kind, (tuple(self.spans),), self.level, is_ordered)
            _append(self.blocks, block)
        self.spans = []
        self.kind, self.level = kind, level
