"""Pages whose address is a secret: kept by no browser or proxy, told to no other site."""

from flask import Response


def keep_secret(response: Response) -> Response:
    """Let an answer be neither stored nor named to whom it links to."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
