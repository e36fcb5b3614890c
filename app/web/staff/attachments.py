"""Files of cases, handed to those who may see them: pictures to look at, the rest to download."""

from io import BytesIO

from flask import Blueprint, current_app, send_file
from flask.typing import ResponseReturnValue

from app.cases import case_view
from app.web.access import actor, signed_in

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<int:key>")
@signed_in
def show(key: int) -> ResponseReturnValue:
    """Hand out a file; what is no picture is downloaded, never opened here."""
    row = case_view.read_attachment(actor(), key)
    content = current_app.extensions["blobs"].get(row.stored_as)
    is_picture = row.thumbnail_as is not None
    return send_file(
        BytesIO(content),
        mimetype=row.media_type,
        as_attachment=not is_picture,
        download_name=row.file_name,
        max_age=0,
    )


@blueprint.get("/attachments/<int:key>/thumb")
@signed_in
def thumbnail(key: int) -> ResponseReturnValue:
    """Hand out a picture made small; a file without one is handed out as it is."""
    row = case_view.read_attachment(actor(), key)
    if row.thumbnail_as is None:
        return show(key)
    content = current_app.extensions["blobs"].get(row.thumbnail_as)
    return send_file(BytesIO(content), mimetype="image/jpeg", max_age=3600)
