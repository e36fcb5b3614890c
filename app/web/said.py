"""What the last page wants said on the next one: a signed cookie that is read once."""

from flask import Flask, Response, current_app, g
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web import cookies

LASTS_SECONDS = 300


def init(app: Flask) -> None:
    """Carry what was said to the next answer, and make it known to templates."""
    app.jinja_env.globals["said"] = taken
    app.after_request(_carry)


def say(sentence: str, *, kind: str = "done", link: str = "", words: str = "") -> None:
    """Say `sentence` on the next page, perhaps with a link; `kind` is done or trouble."""
    g.saying = {"sentence": sentence, "kind": kind, "link": link, "words": words}


def taken() -> dict[str, str] | None:
    """Return what is to be said on this page, once."""
    cookie = cookies.read(cookies.SAID)
    if cookie is None or g.get("has_said"):
        return None
    g.has_said = True
    try:
        found: dict[str, str] = _signer().loads(cookie, max_age=LASTS_SECONDS)
    except BadSignature:
        return None
    return found


def _carry(response: Response) -> Response:
    if g.get("saying"):
        cookies.write(response, cookies.SAID, str(_signer().dumps(g.saying)))
    elif g.get("has_said"):
        cookies.drop(response, cookies.SAID)
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="said")
