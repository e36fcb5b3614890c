"""Administrators and units: the tree, its search, and making, moving, renaming, closing units."""

import re

import pytest

from app.cases import units
from app.organisation.units import UnitKind
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Browser, Login

STREET = {"kind": "street", "code": "s02", "name": "Second Street", "name_zh": "第二街道"}


def add(browser: Browser, above: int, **fields: object) -> int:
    """Add a unit on its page and return its key."""
    browser.get(f"/units/{above}/add")
    answer = browser.post(f"/units/{above}/add", fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def labels(page: str) -> list[str]:
    tree = page.split("<main", 1)[1]
    return re.findall(r'href="/units/\d+">([^<]+)</a>', tree)


def test_the_tree_shows_each_line_under_the_district(login: Login) -> None:
    browser = login("admin")
    page = browser.get("/units").get_data(as_text=True)
    assert labels(page) == [
        f"Unit {code}" for code in ("DISTRICT", "S01", "S01-C01", "S01-C01-G01", "S01-C01-G02")
    ]
    page = browser.get("/units?line=department").get_data(as_text=True)
    assert len(labels(page)) == 15
    assert "Unit D-PARKS" in labels(page)
    assert labels(browser.get("/units?line=party").get_data(as_text=True)) == ["Unit DISTRICT"]


def test_units_are_found_by_name_and_code_in_either_language(login: Login) -> None:
    browser = login("admin")
    for asked in ("d-parks", "单位D-PARKS", "unit parks"):
        assert labels(browser.get(f"/units?q={asked}").get_data(as_text=True)) == ["Unit D-PARKS"]
    assert "No unit fits" in browser.get("/units?q=zzz").get_data(as_text=True)


def test_a_unit_says_who_works_there_and_where_nobody_does(
    district: District, login: Login
) -> None:
    page = login("admin").get(f"/units/{district.units['S01']}").get_data(as_text=True)
    assert ">Dispatcher</a>" in page
    assert "nobody" in page
    assert "Unit S01-C01" in labels(page)


def test_a_unit_is_added_with_the_kind_asked_for(district: District, login: Login) -> None:
    browser, top = login("admin"), district.units["DISTRICT"]
    page = browser.get(f"/units/{top}/add").get_data(as_text=True)
    assert re.findall(r'<option value="(\w+)">', page) == [
        "street",
        "party_committee",
        "department",
    ]
    key = add(browser, top, **STREET)
    made = units.unit_view(district["admin"], key).unit
    assert (made.code, made.kind, made.name_zh) == ("S02", UnitKind.STREET, "第二街道")


def test_a_branch_is_added_beside_its_street(district: District, login: Login) -> None:
    browser, parks = login("admin"), district.units["D-PARKS"]
    page = browser.get(f"/units/{parks}/add").get_data(as_text=True)
    assert "(S01)" in page
    fields = {"code": "D-PARKS-S01", "name": "Parks, S01", "name_zh": "园林驻街"}
    browser.get(f"/units/{parks}/add")
    refused = browser.post(f"/units/{parks}/add", fields)
    assert refused.status_code == 422
    assert 'href="#serves"' in refused.get_data(as_text=True)
    key = add(browser, parks, **fields, serves=district.units["S01"])
    assert units.unit_view(district["admin"], key).unit.serves_key == district.units["S01"]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"code": "S 02"}, "code", "capital letters"),
        ({"code": "S01"}, "code", "is taken"),
        ({"name": ""}, "name", "both languages"),
        ({"name_zh": "x" * 201}, "name_zh", "too long"),
        ({"valid_from": "tomorrow"}, "valid_from", "no day"),
    ],
)
def test_what_is_wrong_with_a_unit_is_said_at_its_field(
    district: District, login: Login, wrong: dict[str, str], field: str, sentence: str
) -> None:
    browser, top = login("admin"), district.units["DISTRICT"]
    browser.get(f"/units/{top}/add?kind=street")
    answer = browser.post(f"/units/{top}/add", {**STREET, **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    told = re.search(rf'id="{field}-error">([^<]+)</p>', page)
    assert told
    assert sentence in told[1]
    assert 'value="第二街道"' in page or field == "name_zh"


def test_a_kind_that_does_not_belong_there_is_refused(district: District, login: Login) -> None:
    browser, grid = login("admin"), district.units["S01-C01-G01"]
    browser.get(f"/units/{grid}/add")
    assert browser.post(f"/units/{grid}/add", STREET).status_code == 422


def test_a_move_tells_before_what_moves_along(district: District, login: Login) -> None:
    browser = login("admin")
    second = add(browser, district.units["DISTRICT"], **STREET)
    walk.report()
    community = district.units["S01-C01"]
    page = browser.get(f"/units/{community}/move").get_data(as_text=True)
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page))
    assert (facts["Units moving along"], facts["Open tasks moving along"]) == ("2", "1")
    assert units.unit_view(district["admin"], community).unit.parent_key == district.units["S01"]
    assert browser.post(f"/units/{community}/move", {"parent": second}).status_code == 303
    assert units.unit_view(district["admin"], community).unit.parent_key == second
    assert units.unit_view(district["admin"], second).open_tasks == 1


def test_a_move_to_the_wrong_place_is_refused(district: District, login: Login) -> None:
    browser, community = login("admin"), district.units["S01-C01"]
    browser.get(f"/units/{community}/move")
    for parent in (district.units["D-PARKS"], community, "", "x"):
        answer = browser.post(f"/units/{community}/move", {"parent": parent})
        assert answer.status_code == 422
    assert units.unit_view(district["admin"], community).unit.parent_key == district.units["S01"]


def test_a_unit_is_closed_when_nothing_hangs_on_it(district: District, login: Login) -> None:
    browser = login("admin")
    refused = browser.post(f"/units/{district.units['S01']}/close", {})
    assert refused.status_code == 422
    assert "still 1 units under this one" in refused.get_data(as_text=True)
    key = add(browser, district.units["DISTRICT"], **STREET)
    assert "Close this unit?" in browser.get(f"/units/{key}/close").get_data(as_text=True)
    assert browser.post(f"/units/{key}/close", {"last_day": ""}).status_code == 303
    assert "Second Street" not in browser.get("/units").get_data(as_text=True)
    assert "Second Street" in browser.get("/units?closed=1").get_data(as_text=True)


def test_the_district_stays(district: District, login: Login) -> None:
    browser, top = login("admin"), district.units["DISTRICT"]
    for rest in ("close", "move"):
        answer = browser.post(f"/units/{top}/{rest}", {"parent": top})
        assert answer.status_code == 422
        assert "district itself" in answer.get_data(as_text=True)


def test_a_unit_is_renamed_in_both_languages(district: District, login: Login) -> None:
    browser, key = login("admin"), district.units["S01"]
    browser.get(f"/units/{key}/rename")
    empty = browser.post(f"/units/{key}/rename", {"name": "North", "name_zh": ""})
    assert empty.status_code == 422
    done = browser.post(f"/units/{key}/rename", {"name": "North", "name_zh": "北街道"})
    assert done.status_code == 303
    assert "<h1>North</h1>" in browser.get(f"/units/{key}").get_data(as_text=True)
    browser.language("zh-CN")
    assert "<h1>北街道</h1>" in browser.get(f"/units/{key}").get_data(as_text=True)


@pytest.mark.parametrize("key", [2**40, 2**63, 10**30])
def test_an_address_of_no_unit_is_a_sentence(login: Login, key: int) -> None:
    browser = login("admin")
    for rest in ("", "/rename", "/add", "/move", "/close"):
        assert browser.get(f"/units/{key}{rest}").status_code == 404


def test_pages_carry_no_script_or_style_of_their_own(district: District, login: Login) -> None:
    browser, key = login("admin"), district.units["S01"]
    for page in ("/units", f"/units/{key}", f"/units/{key}/move", "/people", "/people/new"):
        text = browser.get(page).get_data(as_text=True)
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", text)


def test_a_closed_unit_is_shown_apart_from_those_that_exist(
    district: District, login: Login
) -> None:
    browser, top = login("admin"), district.units["DISTRICT"]
    key = add(browser, top, **STREET)
    browser.post(f"/units/{key}/close", {})
    page = browser.get(f"/units/{top}").get_data(as_text=True)
    existing, ended = page.split("Ended or ending units (1)")
    assert "Second Street" in ended
    assert "Second Street" not in existing


def test_the_name_of_the_site_leads_administrators_to_their_own_page(login: Login) -> None:
    browser = login("admin")
    page = browser.get("/people").get_data(as_text=True)
    assert 'class="site-name" href="/"' in page
    assert browser.get("/").headers["Location"] == "/people"
