"""Texts with holes, Markdown and HTML as harmless blocks, and the sentences in both languages."""

import string
import time

import pytest

from app.forms.messages import CHINESE, ENGLISH, SENTENCES, WORDS, FieldError, sentence, words
from app.forms.prose import (
    Block,
    Span,
    escape_markdown,
    escape_markup,
    from_html,
    from_markdown,
    safe_link,
)
from tests.forms.making import field_shown, form_of, part, shown


def label(source, **context):
    return field_shown(form_of(part("textfield", "a", label=source)), context=context).label


@pytest.mark.parametrize(
    ("source", "filled"),
    [
        ("plain { } text", "plain { } text"),
        ("No. {{case.number}}!", "No. A-1!"),
        ('="No. " + case.number', "No. A-1"),
        ("{{case.nothing}}", ""),
        ("{{case.count * 2}} / {{case.is_open}} / {{case.tags}}", "5 / true / x, y"),
        ("{{#if case.is_open}}open{{/if}}{{#if not(case.is_open)}}closed{{/if}}", "open"),
        ("{{#loop case.tags}}[{{this}}]{{/loop}}", "[x][y]"),
        ("{{#loop case.rows}}{{name}}{{#if big}} (big){{/if}};{{/loop}}", "a;b (big);"),
        ("{{#loop case.rows}}{{parent.case.number}}{{/loop}}", "A-1A-1"),
        ("{{#loop case.number}}x{{/loop}}", ""),
        ("{{case.rows[1]}}", '{"name":"a","big":false}'),
    ],
)
def test_holes_are_filled(source, filled):
    case = {
        "number": "A-1",
        "count": 2.5,
        "is_open": True,
        "tags": ["x", "y"],
        "rows": [{"name": "a", "big": False}, {"name": "b", "big": True}],
    }
    assert label(source, case=case) == filled


def blocks(source, kind="text", **context):
    name = "text" if kind == "text" else "content"
    return shown(form_of(part(kind, **{name: source})), context=context).children[0].blocks


def test_markdown_becomes_blocks():
    source = (
        "# Title #\nA **strong** and *soft* `code` [link](https://example.com/a_b)\nsecond\n\n"
        "- one\n- two\n1. first\n> said\n---\nlast __bold__ and _soft_ snake_case"
    )
    assert from_markdown(source) == (
        Block("heading", ((Span("Title"),),), level=1),
        Block(
            "paragraph",
            (
                (
                    Span("A "),
                    Span("strong", is_strong=True),
                    Span(" and "),
                    Span("soft", is_emphasis=True),
                    Span(" "),
                    Span("code", is_code=True),
                    Span(" "),
                    Span("link", href="https://example.com/a_b"),
                ),
                (Span("second"),),
            ),
        ),
        Block("list", ((Span("one"),), (Span("two"),))),
        Block("list", ((Span("first"),),), is_ordered=True),
        Block("quote", ((Span("said"),),)),
        Block("rule"),
        Block(
            "paragraph",
            (
                (
                    Span("last "),
                    Span("bold", is_strong=True),
                    Span(" and "),
                    Span("soft", is_emphasis=True),
                    Span(" snake_case"),
                ),
            ),
        ),
    )


def test_a_value_in_markdown_means_nothing_but_itself():
    hostile = "# no **bold** [click](https://evil.example) _x_ `y` <b> \\ 1. - >"
    assert blocks("{{said}}", said=hostile) == (Block("paragraph", ((Span(hostile),),)),)
    assert blocks("**{{said}}**", said="a*b_c") == (
        Block("paragraph", ((Span("a*b_c", is_strong=True),),)),
    )


def test_html_becomes_blocks_and_loses_what_could_harm():
    source = (
        "<h2>Title</h2><p onclick='x()'>A <b>strong</b> &amp; <i>soft</i>"
        "<a href='javascript:alert(1)'>bad</a><a href='/cases'>good</a><br>next</p>"
        "<script>alert(1)</script><style>p{}</style><iframe src='x'>in</iframe>"
        "<ol><li>one</li><li>two</li></ol><hr><img src=x onerror=alert(1)><code>c</code>"
    )
    assert from_html(source) == (
        Block("heading", ((Span("Title"),),), level=2),
        Block(
            "paragraph",
            (
                (
                    Span("A "),
                    Span("strong", is_strong=True),
                    Span(" & "),
                    Span("soft", is_emphasis=True),
                    Span("bad"),
                    Span("good", href="/cases"),
                ),
            ),
        ),
        Block("paragraph", ((Span("next"),),)),
        Block("list", ((Span("one"),), (Span("two"),)), is_ordered=True),
        Block("rule"),
        Block("paragraph", ((Span("c", is_code=True),),)),
    )


def test_a_value_in_html_is_text():
    assert blocks("<p>{{said}}</p>", "html", said="<a href='/x'>go</a>") == (
        Block("paragraph", ((Span("<a href='/x'>go</a>"),),)),
    )


@pytest.mark.parametrize(
    "broken", ["<p", "<b><i></b></i>x", "</p></div>", "<!--", "<![CDATA[x", "&#x;"]
)
def test_broken_html_is_no_trouble(broken):
    from_html(broken)


@pytest.mark.parametrize(
    ("href", "safe"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTP://example.com", "HTTP://example.com"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("tel:12345", "tel:12345"),
        ("/cases/1", "/cases/1"),
        ("#part", "#part"),
        ("//evil.example", ""),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("", ""),
    ],
)
def test_only_harmless_links_are_followed(href, safe):
    assert safe_link(href) == safe


@pytest.mark.parametrize("piece", ["**", "*a", "[", "[a](", "`", "_a", "# ", "# a   ", "- ", "\\"])
def test_long_prose_takes_no_long_time(piece):
    began = time.process_time()
    from_markdown(piece * (20_000 // len(piece)))
    assert time.process_time() - began < 2


def test_escaping_takes_nothing_away():
    for text in ("a_b*c", "1. x", "<b>&", string.punctuation):
        assert (
            "".join(s.text for b in from_markdown(escape_markdown(text)) for s in b.lines[0])
            == text
        )
        assert "".join(s.text for b in from_html(escape_markup(text)) for s in b.lines[0]) == text


@pytest.mark.parametrize("texts", [*SENTENCES.values(), *WORDS.values()], ids=str)
def test_every_sentence_is_there_in_both_languages_with_the_same_holes(texts):
    holes = [
        {name for _, name, _, _ in string.Formatter().parse(texts[language]) if name}
        for language in (ENGLISH, CHINESE)
    ]
    assert set(texts) == {ENGLISH, CHINESE}
    assert holes[0] == holes[1]
    assert texts[ENGLISH].isascii()
    assert not texts[CHINESE].isascii() or "{" in texts[CHINESE]


def test_languages_fall_back_to_the_nearest():
    error = FieldError("min", {"limit": "3"})
    assert sentence(error, "zh") == sentence(error, "zh-CN") == "不能小于 3。"
    assert sentence(error, "de") == sentence(error) == "Enter 3 or more."
    assert words("remove", "zh-Hans-CN", number="2") == "删除第 2 条"
