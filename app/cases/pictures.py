"""What an uploaded file is, by its own bytes; photos are cleaned, measured and made small.

Time and place of a photo are read before they are removed with everything else a camera adds.
"""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime

import puremagic
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from app.errors import CaseError

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2400
THUMBNAIL_SIDE = 360
IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
DOCUMENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OFFICE_FOLDERS = {".docx": "word/", ".xlsx": "xl/"}
MOST_PARTS = 5_000
MOST_UNPACKED_BYTES = 100_000_000


class FileRefused(CaseError):
    """The file {name} was not taken: {why}"""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file fit to keep: its media type and bytes, a thumbnail, and what the camera knew."""

    media_type: str
    content: bytes
    thumbnail: bytes | None = None
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def inspect(name: str, content: bytes) -> Inspected:
    """Tell what a file is from its content and make it fit to keep.

    Raises:
        FileRefused: it is empty, of a kind that is not taken, broken, or too large a picture.
    """
    if not content:
        raise FileRefused(name=name, why="it is empty.")
    if is_picture(content):
        return _photo(name, content)
    return _document(name, content)


def is_picture(content: bytes) -> bool:
    """Tell whether bytes begin like a picture of a kind that is taken."""
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def _document(name: str, content: bytes) -> Inspected:
    ending = re.sub(r".*(?=\.)", "", name.lower(), flags=re.DOTALL)
    wanted = DOCUMENT_TYPES.get(ending)
    if wanted is not None and ending in OFFICE_FOLDERS:
        _demand_office(name, content, OFFICE_FOLDERS[ending])
        return Inspected(wanted, content)
    if wanted is not None and wanted in _signatures(content):
        return Inspected(wanted, content)
    raise FileRefused(
        name=name, why="please choose a photo (JPEG, PNG, WebP), a PDF, a DOCX or an XLSX."
    )


def _signatures(content: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        return set()


def _demand_office(name: str, content: bytes, folder: str) -> None:
    """Read the list of what an archive holds, without opening any of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FileRefused(name=name, why="the document is broken.") from error
    names = {each.filename for each in listed}
    has_folder = any(each.startswith(folder) for each in names)
    if "[Content_Types].xml" not in names or not has_folder:
        raise FileRefused(name=name, why="the document is broken.")
    unpacked = sum(each.file_size for each in listed)
    if len(listed) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES:
        raise FileRefused(name=name, why="the document is too large when unpacked.")


def _photo(name: str, content: bytes) -> Inspected:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(IMAGE_TYPES)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise FileRefused(name=name, why="the picture has too many pixels.")
                kind = str(image.format)
                exif = image.getexif()
                upright = ImageOps.exif_transpose(image)
                upright.load()
    except FileRefused:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise FileRefused(name=name, why="the picture is broken or too large.") from error
    latitude, longitude = _position(exif)
    return Inspected(
        media_type=IMAGE_TYPES[kind],
        content=_encoded(upright, kind, LONGEST_SIDE),
        thumbnail=_encoded(upright, "JPEG", THUMBNAIL_SIDE),
        captured_at=_captured_at(exif),
        latitude=latitude,
        longitude=longitude,
    )


def _encoded(image: Image.Image, kind: str, side: int) -> bytes:
    """Return the picture at most `side` pixels long, without anything but its pixels."""
    small = image.copy()
    small.thumbnail((side, side))
    if kind == "JPEG" and small.mode != "RGB":
        small = small.convert("RGB")
    clean = Image.new(small.mode, small.size)
    if small.mode == "P":
        clean = small.convert("RGBA")
    else:
        clean.paste(small)
    out = io.BytesIO()
    clean.save(out, kind, quality=82) if kind != "PNG" else clean.save(out, kind)
    return out.getvalue()


def _captured_at(exif: Image.Exif) -> datetime | None:
    details = exif.get_ifd(ExifTags.IFD.Exif)
    written = details.get(ExifTags.Base.DateTimeOriginal)
    offset = details.get(ExifTags.Base.OffsetTimeOriginal)
    if not isinstance(written, str) or not isinstance(offset, str):
        return None  # without an offset nobody knows which instant it was
    try:
        return datetime.strptime(f"{written} {offset}", "%Y:%m:%d %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None


def _position(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), 90)
    longitude = _degrees(
        gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), 180
    )
    return (latitude, longitude) if None not in (latitude, longitude) else (None, None)


def _degrees(parts: object, ref: object, most: int) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3 or not isinstance(ref, str):
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= most:
        return None
    return round(-value if ref.upper() in {"S", "W"} else value, 7)
