"""The grid map: drawn from the grids' own outlines, and a point picked three ways."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.assets.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WEST, SOUTH, STEP = 121.47, 31.23, 0.01
PICKER = """
    <input id="point" name="point"><input id="grid" type="hidden" name="grid">
    <button type="button" hidden data-map-locate="#map">Here</button>
    <p data-map-status="#map" role="status"></p>
    <div id="map" data-map data-geojson-url="/grids.geojson" data-input="#point"
         data-grid-input="#grid" tabindex="0" role="application" aria-label="Map"
         data-outside="Outside the district"></div>"""


def square(column: int, row: int) -> dict[str, object]:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    ring = [[west + x * STEP, south + y * STEP] for x, y in corners]
    return {
        "type": "Feature",
        "properties": {"code": f"G{column}{row}", "name": f"Grid {column}-{row}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


POSITION = """
    <button type="button" hidden data-position="#point" data-locating="…" data-failed="Not found"
            data-taken="Accurate to {metres} m">Here</button>
    <span data-position-status="#point"></span>
    <details id="by-hand"><summary>By hand</summary><input id="point" name="point"></details>
    <p data-map-status="#map" role="status"></p>
    <div id="map" data-map data-geojson-url="/grids.geojson" data-input="#point"
         data-by-hand="#by-hand" tabindex="0" role="application" aria-label="Map"></div>"""


@pytest.fixture
def picker(site: Site, page: "Page") -> "Page":
    grids = {
        "type": "FeatureCollection",
        "features": [square(x, y) for x in (0, 1) for y in (0, 1)],
    }
    site.files["/grids.geojson"] = ("application/geo+json", json.dumps(grids).encode())
    site.page(PICKER)
    page.goto("/")
    page.wait_for_selector("#map .leaflet-overlay-pane canvas")
    return page


def test_click_picks_the_point_and_names_its_grid(picker: "Page") -> None:
    box = picker.locator("#map").bounding_box()
    assert box is not None
    picker.mouse.click(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 - 20)
    picker.wait_for_selector(".map-pin")
    latitude, longitude = map(float, picker.input_value("#point").split(","))
    assert SOUTH + STEP < latitude < SOUTH + 2 * STEP
    assert WEST + STEP < longitude < WEST + 2 * STEP
    assert picker.inner_text("[data-map-status]") == "Grid 1-1"
    assert picker.input_value("#grid") == "G11"


def test_the_tip_of_the_pin_stands_where_the_map_was_tapped(picker: "Page") -> None:
    picker.click("#map", position={"x": 260, "y": 90})
    pin = picker.locator(".map-pin").bounding_box()
    box = picker.locator("#map").bounding_box()  # the name of the grid may have moved it
    assert pin is not None
    assert box is not None
    assert pin["x"] + pin["width"] / 2 - box["x"] == pytest.approx(260, abs=2)
    assert pin["y"] + pin["height"] - box["y"] == pytest.approx(90, abs=2)


def test_a_point_far_outside_is_shown_with_the_district(picker: "Page") -> None:
    picker.fill("#point", "31.5,121.9")
    picker.press("#point", "Tab")
    picker.wait_for_timeout(500)
    box, pin = picker.locator("#map").bounding_box(), picker.locator(".map-pin").bounding_box()
    assert box is not None
    assert pin is not None
    assert box["x"] < pin["x"] < box["x"] + box["width"]
    middle = picker.evaluate(
        """() => { const c = document.querySelector('#map canvas');
        return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0); }"""
    )
    assert middle is True, "the outlines of the grids are in sight"


def test_keyboard_picks_the_middle_of_the_map(picker: "Page") -> None:
    picker.focus("#map")
    picker.keyboard.press("ArrowLeft")
    picker.wait_for_timeout(500)
    picker.keyboard.press("Enter")
    picker.wait_for_selector(".map-pin")
    assert picker.input_value("#grid").startswith("G0")


def test_device_gives_its_position(picker: "Page") -> None:
    picker.click("[data-map-locate]")
    picker.wait_for_selector(".map-pin")
    assert picker.input_value("#point") == "31.235000,121.475000"
    assert picker.inner_text("[data-map-status]") == "Grid 0-0"


def test_position_of_the_device_is_told_from_what_is_given_by_hand(
    site: Site, picker: "Page"
) -> None:
    site.page(POSITION)
    picker.goto("/")
    picker.wait_for_selector("#map .leaflet-overlay-pane canvas")
    picker.click("#map")
    assert picker.input_value("#point") == "", "a tap is no position of the device"
    picker.click("[data-position]")
    picker.wait_for_selector(".map-pin")
    assert picker.input_value("#point").startswith("31.235000,121.475000;device;")
    assert picker.inner_text("[data-position-status]").startswith("Accurate to ")
    picker.click("#by-hand summary")
    picker.press("#point", "End")
    picker.type("#point", "1")
    assert picker.input_value("#point") == "31.235000,121.475000"
    assert picker.inner_text("[data-position-status]") == ""
    picker.click("#map")
    assert picker.input_value("#point").endswith(";map")


def test_typed_point_moves_the_pin_and_outside_is_said(picker: "Page") -> None:
    picker.fill("#point", "31.5，121.9")
    picker.press("#point", "Tab")
    picker.wait_for_selector(".map-pin")
    assert picker.inner_text("[data-map-status]") == "Outside the district"
    assert picker.input_value("#grid") == ""


def test_map_that_cannot_load_says_so(site: Site, page: "Page") -> None:
    site.page(PICKER.replace("data-outside=", "data-failed='No map today' data-outside="))
    page.goto("/")
    page.wait_for_selector("text=No map today")
