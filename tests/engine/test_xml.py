"""Uploaded XML is read within caps, or refused with the rule it breaks."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import xml

BOMB = b"""<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>"""
EXTERNAL = b"""<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>"""


def refusal(data: bytes) -> type[xml.XmlRefused]:
    with pytest.raises(xml.XmlRefused) as refused:
        xml.parse(data, filename="a.bpmn")
    return type(refused.value)


def test_tree_keeps_the_lines_of_its_elements() -> None:
    tree = xml.parse(b"<a>\n<b/>\n</a>", filename="a.bpmn")
    assert [element.sourceline for element in tree.iter("b")] == [2]


@pytest.mark.parametrize(
    "data",
    [
        b"<a/>",
        b'<?xml version="1.0" encoding="UTF-8"?><a/>',
        b"<?xml version='1.0' encoding='utf-8'?><a/>",
        b"\xef\xbb\xbf<a/>",
        "<a名>街道</a名>".encode(),
    ],
)
def test_utf8_is_read(data: bytes) -> None:
    assert xml.parse(data, filename="a.bpmn") is not None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", xml.XmlNotWellFormed),
        (b"nothing", xml.XmlNotWellFormed),
        (b"<a><b></a>", xml.XmlNotWellFormed),
        (b"<a>&undeclared;</a>", xml.XmlNotWellFormed),
        (b"<a/>" * 2, xml.XmlNotWellFormed),
        (BOMB, xml.XmlHasDoctype),
        (EXTERNAL, xml.XmlHasDoctype),
        (BOMB.lower(), xml.XmlHasDoctype),
        (b'<!DOCTYPE a PUBLIC "x" "http://127.0.0.1:9/x.dtd"><a/>', xml.XmlHasDoctype),
        (BOMB.decode().encode("utf-16"), xml.XmlNotUtf8),
        (BOMB.decode().encode("utf-16-le"), xml.XmlNotUtf8),
        (BOMB.decode().encode("utf-16-be"), xml.XmlNotUtf8),
        (BOMB.decode().encode("utf-32"), xml.XmlNotUtf8),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', xml.XmlNotUtf8),
        (b'<?xml version="1.0" encoding="UTF-7"?><a>+ADw-</a>', xml.XmlNotUtf8),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe4</a>', xml.XmlNotUtf8),
        (b"<a>\x00</a>", xml.XmlNotUtf8),
        (b"<a>" + b" " * xml.MAX_BYTES + b"</a>", xml.XmlTooLarge),
        (b"<a>" * 65 + b"</a>" * 65, xml.XmlTooDeep),
        (b"<a>" * 300_000, xml.XmlNotWellFormed),
        (b"<a>" + b"<b/>" * 50_000 + b"</a>", xml.XmlTooManyNodes),
        (b"<a>" + b'<b c="" d="" e=""/>' * 13_000 + b"</a>", xml.XmlTooManyNodes),
        (b"<a>" + b"<!---->" * 50_001 + b"</a>", xml.XmlTooManyNodes),
        (
            b"<a " + b" ".join(b'b%d=""' % n for n in range(60_000)) + b"/>",
            xml.XmlTooManyNodes,
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_refused(data: bytes, why: type[xml.XmlRefused]) -> None:
    assert refusal(data) is why


def test_caps_themselves_are_read() -> None:
    deepest = b"<a>" * xml.MAX_DEPTH + b"</a>" * xml.MAX_DEPTH
    longest = b"<a>" + b"<b/>" * (xml.MAX_NODES - 1) + b"</a>"
    assert xml.parse(deepest, filename="a.bpmn") is not None
    assert xml.parse(longest, filename="a.bpmn") is not None


def test_refusal_names_file_and_line_and_how_to_mend() -> None:
    with pytest.raises(xml.XmlNotWellFormed) as refused:
        xml.parse(b"<a>\n<b>\n</a>", filename="grid_case.bpmn")
    assert refused.value.context["line"] == 3
    assert str(refused.value).startswith("grid_case.bpmn is not well-formed XML in line 3: ")
    assert str(refused.value).endswith("Mend that line or save it again.")


def test_largest_hostile_files_are_refused_in_time() -> None:
    rows = [
        b"<a>" + b"<b/>" * 520_000 + b"</a>",
        b"<a " + b" ".join(b'a%d=""' % n for n in range(150_000)) + b"/>",
        b"<a " + b" ".join(b'xmlns:a%d="u%d"' % (n, n) for n in range(85_000)) + b"/>",
        b"<a>" + b"&lt;" * 500_000 + b"</a>",
    ]
    for data in rows:
        began = time.process_time()
        with suppress(xml.XmlRefused):
            xml.parse(data, filename="a.bpmn")
        assert time.process_time() - began < 5, data[:40]


PIECES = st.sampled_from(
    [
        b"<a>",
        b"</a>",
        b"<b c='d'/>",
        b"<!--x-->",
        b"<?y z?>",
        b"<![CDATA[<]]>",
        b"&amp;",
        b"&x;",
        b"&#0;",
        b"<!DOCTYPE a>",
        b"<!ENTITY x 'y'>",
        b'<?xml version="1.0" encoding="UTF-8"?>',
        b'<?xml version="1.1"?>',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x00",
        b"<a:b/>",
        b"xmlns:a='u'",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=12).map(b"".join)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(xml.XmlRefused):
        assert xml.parse(data, filename="a.bpmn").getroot() is not None
