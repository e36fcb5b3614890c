"""What a page loads before it can be seen stays small; the heavy parts come later, if at all."""

import gzip

import pytest

from tests.assets.conftest import BUILT, manifest

FIRST_PAINT_BYTES = 100_000


def zipped(entry: str) -> int:
    return (BUILT / f"{manifest()[entry]}.gz").stat().st_size


def test_first_paint_of_a_page_stays_under_100_kb(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {entry: zipped(entry) for entry in manifest()}
    with capsys.disabled():
        print("\nassets, bytes gzipped:", sizes)
    assert sizes["app.css"] + sizes["app.js"] < FIRST_PAINT_BYTES


@pytest.mark.parametrize(("entry", "limit"), [("map", 60_000), ("diagram", 75_000)])
def test_what_loads_later_stays_near_its_measured_size(entry: str, limit: int) -> None:
    assert zipped(f"{entry}.js") + zipped(f"{entry}.css") < limit


def test_every_bundled_package_ships_its_licence() -> None:
    licences = (BUILT / "packages.LEGAL.txt").read_text()
    for package in ("bootstrap", "bpmn-js", "diagram-js", "htmx.org", "leaflet"):
        assert f"\n{package} " in f"\n{licences}"
    assert "the watermark must stay fully visible" in licences


def test_names_change_with_content_so_they_may_be_cached_for_good() -> None:
    for entry, name in manifest().items():
        stem, suffix = entry.rsplit(".", 1)
        assert name.startswith(f"{stem}-")
        assert name.endswith(f".{suffix}")
        assert (BUILT / name).is_file()


def test_each_bundle_lies_compressed_beside_itself() -> None:
    for name in manifest().values():
        assert gzip.decompress((BUILT / f"{name}.gz").read_bytes()) == (BUILT / name).read_bytes()
