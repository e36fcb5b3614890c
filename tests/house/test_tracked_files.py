"""What is committed is ours, runs anywhere and names no machine."""

import re

from tests.house.source import ROOT, tracked_files

# Put together here, so that this file does not hold what it looks for.
HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "npmmirror" + ".com",
    "tuna.tsinghua" + ".edu",
    "deb.debian" + ".org",
)
FORBIDDEN = re.compile(
    "|".join(map(re.escape, HOSTS)) + r"|(?<![\w./-])/(?:work|root|opt)/[a-z.]", re.IGNORECASE
)
OURS_AT_MOST_BYTES = 1_000_000


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in FORBIDDEN.findall(text)]
    assert found == []


def test_nothing_built_or_third_party_is_tracked() -> None:
    built = re.compile(r"(^|/)(node_modules|dist|\.venv)/|static/build/|\.(mo|pyc|min\.js|map)$")
    names = [str(path.relative_to(ROOT)) for path in tracked_files()]
    assert [name for name in names if built.search(name)] == []


def test_no_tracked_file_is_a_data_set() -> None:
    large = [
        str(p.relative_to(ROOT)) for p in tracked_files() if p.stat().st_size > OURS_AT_MOST_BYTES
    ]
    assert large == []


def test_text_files_end_with_one_newline() -> None:
    endings = (".py", ".js", ".mjs", ".css", ".html", ".md", ".toml", ".bpmn", ".dmn", ".form")
    texts = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in tracked_files()
        if path.suffix in endings
    }
    ragged = re.compile(r"[^\n]\Z|\n\n\Z|\r")
    assert [name for name, text in texts.items() if ragged.search(text)] == []
