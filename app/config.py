"""Typed settings from the environment; a wrong one stops the start and says how to mend it.

What concerns the district itself (zone, number format, languages) is not here but in its database.
`docs/settings.md` lists the same variables; a test holds the two together.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from app.errors import CaseError

T = TypeVar("T")


class WrongSetting(CaseError):
    """The setting {name} is {value!r}: {mend}"""

    code = "wrong_setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the environment decides; field names are the variables' names in lower case."""

    instance_path: Path
    database_url: str
    secret_key: str = field(repr=False)
    is_demo: bool = True
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    public_url: str = ""
    trusted_proxies: int = 0
    attachments_url: str = ""
    max_upload_bytes: int = 12 * 1024 * 1024
    session_idle_minutes: int = 60
    session_hours: int = 12
    mail_server: str = ""
    mail_port: int = 25
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_sender: str = ""
    is_mail_encrypted: bool = False
    message_gateway: str = ""
    message_token: str = field(default="", repr=False)
    timer_seconds: int = 2
    log_level: str = "INFO"

    @property
    def is_https(self) -> bool:
        """Tell whether the site is served over https, so that cookies are marked Secure."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: the field it fills, how it is read, what it means."""

    name: str
    field: str
    read: Callable[[str], object]
    meaning: str


def _text(value: str) -> str:
    return value


def _yes_no(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.lower() not in known:
        raise ValueError("write 1 or 0.")
    return known[value.lower()]


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"write a whole number from {low} to {high}.")
        return int(value)

    return read


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write sqlite:///file or postgresql+psycopg://user@host/database.")
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("write the address people open, such as https://whistle.example.org.")
    return value.rstrip("/")


def _attachments(value: str) -> str:
    if not value.startswith(("file:///", "s3://")):
        raise ValueError("write file:///folder or s3://bucket/prefix.")
    return value


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("write at least 32 random characters.")
    return value


def _level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("write DEBUG, INFO, WARNING or ERROR.")
    return value.upper()


VARIABLES = (
    Variable(
        "WHISTLE_INSTANCE",
        "instance_path",
        lambda value: Path(value).resolve(),
        "Folder of the SQLite database, the secret and the attachments. Default: instance/.",
    ),
    Variable(
        "DATABASE_URL",
        "database_url",
        _database,
        "Database: sqlite:///… or postgresql+psycopg://…. Default: SQLite in the folder above.",
    ),
    Variable(
        "SECRET_KEY",
        "secret_key",
        _secret,
        "Signs what leaves the server; the same on every host. Default: made once and kept.",
    ),
    Variable(
        "WHISTLE_DEMO",
        "is_demo",
        _yes_no,
        "1: load the synthetic district and list its accounts on the sign-in page. Default: 1 on"
        " SQLite, 0 on PostgreSQL.",
    ),
    Variable("HOST", "host", _text, "Address to listen on. Default: 127.0.0.1."),
    Variable("PORT", "port", _number(1, 65535), "Port to listen on. Default: 8000."),
    Variable("THREADS", "threads", _number(1, 64), "Requests served at once. Default: 8."),
    Variable(
        "PUBLIC_URL",
        "public_url",
        _address,
        "Address people open; links in mail use it, https marks cookies Secure. Default: none.",
    ),
    Variable(
        "TRUSTED_PROXIES",
        "trusted_proxies",
        _number(0, 9),
        "Proxies in front whose X-Forwarded-For and -Proto are believed. Default: 0.",
    ),
    Variable(
        "ATTACHMENTS_URL",
        "attachments_url",
        _attachments,
        "Where attachments lie: file:///… or s3://bucket/prefix. Default: the folder above.",
    ),
    Variable(
        "MAX_UPLOAD_BYTES",
        "max_upload_bytes",
        _number(100_000, 200_000_000),
        "Largest request in bytes. Default: 12582912.",
    ),
    Variable(
        "SESSION_IDLE_MINUTES",
        "session_idle_minutes",
        _number(5, 1440),
        "Sign out after so many minutes without a request. Default: 60.",
    ),
    Variable(
        "SESSION_HOURS",
        "session_hours",
        _number(1, 72),
        "Sign out so many hours after signing in. Default: 12.",
    ),
    Variable("MAIL_SERVER", "mail_server", _text, "Host that takes mail. Default: no mail."),
    Variable("MAIL_PORT", "mail_port", _number(1, 65535), "Its port. Default: 25."),
    Variable("MAIL_USER", "mail_user", _text, "User name there. Default: none."),
    Variable("MAIL_PASSWORD", "mail_password", _text, "Password there. Default: none."),
    Variable("MAIL_SENDER", "mail_sender", _text, "Sender of mail. Default: none."),
    Variable("MAIL_TLS", "is_mail_encrypted", _yes_no, "1: STARTTLS. Default: 0."),
    Variable(
        "MESSAGE_GATEWAY",
        "message_gateway",
        _address,
        "Address that takes text messages for reporters. Default: no messages.",
    ),
    Variable("MESSAGE_TOKEN", "message_token", _text, "Token for it. Default: none."),
    Variable(
        "TIMER_SECONDS",
        "timer_seconds",
        _number(1, 60),
        "Look for due timers every so many seconds. Default: 2.",
    ),
    Variable("LOG_LEVEL", "log_level", _level, "DEBUG, INFO, WARNING or ERROR. Default: INFO."),
)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; what is not set gets the default its variable documents.

    Raises:
        WrongSetting: a variable cannot be read; the sentence says how to write it.
    """
    values: dict[str, object] = {}
    for variable in VARIABLES:
        raw = environment.get(variable.name, "").strip()
        if raw:
            values[variable.field] = _read(variable, raw)
    return _completed(values)


def settings_for(**values: object) -> Settings:
    """Return settings with these fields given and the rest as documented: for tests and tools."""
    known = {item.name for item in fields(Settings)}
    unknown = set(values) - known
    if unknown:
        raise TypeError(f"no such settings: {sorted(unknown)}")
    return _completed(values)


def _read(variable: Variable, raw: str) -> object:
    try:
        return variable.read(raw)
    except ValueError as error:
        raise WrongSetting(name=variable.name, value=raw, mend=str(error)) from error


def _completed(values: dict[str, object]) -> Settings:
    folder = values.setdefault("instance_path", Path("instance").resolve())
    if not isinstance(folder, Path):
        raise TypeError("instance_path is a path")
    url = values.setdefault("database_url", f"sqlite:///{folder / 'whistle.db'}")
    values.setdefault("is_demo", str(url).startswith("sqlite"))
    values.setdefault("attachments_url", f"file://{folder / 'attachments'}")
    if "secret_key" not in values:
        values["secret_key"] = _kept_secret(folder)
    return Settings(**values)  # type: ignore[arg-type]


def _kept_secret(folder: Path) -> str:
    """Read the secret of this instance folder, or make one that only its owner can read."""
    file = folder / "secret_key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
