"""The build is repeatable, lazy about unchanged sources and tidy about where it writes."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from babel.support import Translations

from app.assets.build_hook import SOURCES, build_bundles, compile_translations, fingerprint_of
from tests.assets.conftest import ROOT, manifest


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources, with the packages of this machine's last build where there are any."""
    (tmp_path / "app/assets").mkdir(parents=True)
    for name in SOURCES:
        source, target = ROOT / "app/assets" / name, tmp_path / "app/assets" / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
    packages = ROOT / "build/assets/node_modules"
    if packages.is_dir():
        shutil.copytree(packages, tmp_path / "build/assets/node_modules", symlinks=True)
    return tmp_path


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_bundles_are_built_once_and_again_only_after_a_change(tree: Path) -> None:
    before = files_below(tree / "app/assets")
    assert build_bundles(tree)
    first = files_below(tree / "app/web/static/build")
    assert not build_bundles(tree)

    style = tree / "app/assets/src/css/base.css"
    style.write_text(style.read_text() + "\n.added { color: red; }\n")
    assert build_bundles(tree)
    second = files_below(tree / "app/web/static/build")

    assert files_below(tree / "app/assets") == before
    assert {name for name in first - second if name.endswith(".css")}, "the hash did not change"
    assert {name for name in first if name.startswith("app-") and name.endswith(".js")} <= second


def test_fingerprint_sees_a_renamed_and_an_edited_source(tree: Path) -> None:
    sources = tree / "app/assets"
    original = fingerprint_of(sources)
    (sources / "src/js/copy.js").rename(sources / "src/js/copied.js")
    renamed = fingerprint_of(sources)
    (sources / "src/js/copied.js").write_text("")
    assert len({original, renamed, fingerprint_of(sources)}) == 3


def test_translations_are_compiled_beside_their_sources(tmp_path: Path) -> None:
    folder = tmp_path / "app/web/translations/zh_CN/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Inbox"\nmsgstr "待办"\n\n#, fuzzy\nmsgid "Case"\nmsgstr "箱子"\n',
        encoding="utf-8",
    )
    compile_translations(tmp_path)
    found = Translations.load(str(tmp_path / "app/web/translations"), ["zh_CN"])
    assert found.gettext("Inbox") == "待办"
    assert found.gettext("Case") == "Case", "a doubtful translation is not shown"


def test_lock_file_names_no_download_address() -> None:
    assert '"resolved"' not in (ROOT / "app/assets/package-lock.json").read_text()


def test_wheel_ships_what_was_built_and_no_front_end_sources(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"app/web/static/build/{name}" for name in manifest().values()} <= names
    assert "app/web/static/build/packages.LEGAL.txt" in names
    assert [name for name in names if name.startswith(("app/assets", "tests"))] == []
