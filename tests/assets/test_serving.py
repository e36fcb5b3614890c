"""The product serves the bundles compressed, for a year, under the names of the manifest."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import settings_for
from tests.assets.conftest import BUILT, manifest

ZIPPED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(settings_for(instance_path=tmp_path)).test_client()


@pytest.mark.parametrize(("entry", "kind"), [("app.css", "text/css"), ("app.js", "javascript")])
def test_bundle_comes_compressed_to_who_accepts_that(
    client: FlaskClient, entry: str, kind: str
) -> None:
    name = manifest()[entry]
    answer = client.get(f"/static/build/{name}", headers=ZIPPED, buffered=True)
    assert gzip.decompress(answer.data) == (BUILT / name).read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert kind in answer.headers["Content-Type"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_bundle_comes_plain_to_who_does_not(client: FlaskClient) -> None:
    name = manifest()["app.css"]
    answer = client.get(f"/static/build/{name}", buffered=True)
    assert answer.data == (BUILT / name).read_bytes()
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["build/gone.css", "../config.py", "build/../../config.py", ""])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/static/{path}", headers=ZIPPED, buffered=True)
    assert answer.status_code in {303, 403, 404}
    assert b"WHISTLE_INSTANCE" not in answer.data
