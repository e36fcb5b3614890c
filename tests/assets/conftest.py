"""A small site on the loopback address that serves the built bundles under the product's policy."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "app/web/static/build"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
WATCH_POLICY = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({violatedDirective, sourceFile}) =>
        window.violations.push(`${violatedDirective} ${sourceFile}`));
"""


@dataclass(slots=True)
class Posted:
    """What a form or a script sent: its headers, and its fields where they are plain."""

    path: str
    headers: dict[str, str]
    fields: list[tuple[str, str]]
    body: bytes


@dataclass(slots=True)
class Site:
    """Pages by path, and what was posted to them."""

    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    address: str = ""

    def page(self, body: str, *, path: str = "/") -> None:
        """Serve `body` inside the head every page of the product has."""
        names = manifest()
        self.pages[path] = f"""<!doctype html><html lang="en"><head><title>Test</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="csrf-token" content="token-1">
            <link rel="stylesheet" href="/build/{names["app.css"]}">
            <script type="module" src="/build/{names["app.js"]}"></script></head>
            <body><main class="page">{body}</main></body></html>"""


def manifest() -> dict[str, str]:
    """Return the built names by entry point."""
    path = BUILT / "manifest.json"
    if not path.is_file():
        pytest.fail("the front end is not built: run `make assets`")
    names: dict[str, str] = json.loads(path.read_text())
    return names


def handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    """Return a request handler that serves `site`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in site.pages:
                self.answer(200, "text/html; charset=utf-8", site.pages[self.path].encode())
            elif self.path in site.files:
                self.answer(200, *site.files[self.path])
            elif (BUILT / self.path.removeprefix("/build/")).is_file():
                file = BUILT / self.path.removeprefix("/build/")
                self.answer(200, TYPES.get(file.suffix, "text/plain"), file.read_bytes())
            else:
                self.answer(404, "text/plain", b"nothing here")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_plain = "urlencoded" in self.headers.get("Content-Type", "")
            fields = parse_qsl(body.decode(), keep_blank_values=True) if is_plain else []
            site.posted.append(Posted(self.path, dict(self.headers.items()), fields, body))
            status = site.answers.get(self.path, 204)
            page = site.pages.get(self.path, "")
            self.answer(status, "text/html; charset=utf-8", page.encode())

        def answer(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Security-Policy", POLICY)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output quiet."""

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield an empty site that answers on a free port."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(site))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(browser: "Browser", site: Site) -> Iterator["Page"]:
    """Yield a phone's page on the site; fail the test if it ever broke the policy or threw."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": 390, "height": 844},
        geolocation={"latitude": 31.235, "longitude": 121.475},
        permissions=["geolocation", "clipboard-read", "clipboard-write"],
    )
    context.add_init_script(WATCH_POLICY)
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield page
    assert page.evaluate("window.violations") == []
    assert problems == []
    context.close()
