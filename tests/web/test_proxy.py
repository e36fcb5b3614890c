"""Whose address a limit counts by: the connection's, or what trusted proxies say of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from itertools import count

import pytest
from flask import Flask, request

from app import create_app
from app.cases.tracking import MOST_LOOKUPS
from app.cli.serving import server_of
from app.config import Settings
from app.store.db import db
from app.web.access import public
from tests.support.district import District
from tests.web.conftest import SAME_SITE, Browser


@contextmanager
def behind(district: District, proxies: int) -> Iterator[Flask]:
    """Start the application beside the district's own, with so many proxies in front."""
    own: Settings = district.app.extensions["settings"]
    app = create_app(replace(own, trusted_proxies=proxies))
    with app.app_context():
        yield app
        for engine in db.engines.values():
            engine.dispose()


def asking(app: Flask) -> Callable[[str], int]:
    """Return a hand that looks up a case with a wrong code, each time another case."""
    browser, numbers = Browser(app.test_client()), count(1)
    browser.get("/track")

    def ask(forwarded: str) -> int:
        answer = browser.client.post(
            "/track",
            data={
                "csrf_token": browser.token,
                "number": f"20261124-{next(numbers):05}",
                "code": "0000-0000",
            },
            headers={**SAME_SITE, "X-Forwarded-For": forwarded},
            environ_base={"REMOTE_ADDR": "10.0.0.7"},
        )
        return answer.status_code

    return ask


def test_a_header_somebody_made_up_is_ignored_by_default(district: District) -> None:
    with behind(district, 0) as app:
        ask = asking(app)
        seen = [ask(f"203.0.113.{number}") for number in range(MOST_LOOKUPS + 1)]
    assert seen == [404] * MOST_LOOKUPS + [429], "all came over one connection"


def test_behind_one_proxy_each_visitor_has_limits_of_their_own(district: District) -> None:
    with behind(district, 1) as app:
        ask = asking(app)
        for number in range(MOST_LOOKUPS + 1):
            assert ask(f"203.0.113.{number}") == 404
        spoofed = [ask(f"198.51.100.{number}, 203.0.113.99") for number in range(MOST_LOOKUPS + 1)]
    assert spoofed == [404] * MOST_LOOKUPS + [429], "left of the proxy’s entry is hearsay"


@pytest.mark.parametrize(("proxies", "shown"), [(0, "127.0.0.1 http"), (1, "203.0.113.5 https")])
def test_the_web_server_hands_the_headers_on_only_where_they_are_believed(
    district: District, proxies: int, shown: str
) -> None:
    with behind(district, proxies) as app:

        def who() -> str:
            return f"{request.remote_addr} {request.scheme}"

        app.add_url_rule("/who", view_func=public(who))
        settings: Settings = replace(app.extensions["settings"], port=0)
        server = server_of(app, settings)
        threading.Thread(target=server.run, daemon=True).start()
        connection = HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
        connection.request(
            "GET", "/who", headers={"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
        )
        assert connection.getresponse().read().decode() == shown
        connection.close()
        server.close()
