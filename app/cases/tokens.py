"""The secrets reporters follow their case with: derived from a key, kept only as a hash."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode


def for_reporter(secret: str, reporter_key: int) -> str:
    """Return the token of a reporter: 32 URL-safe characters that only this server can derive."""
    mac = hmac.new(secret.encode(), f"reporter:{reporter_key}".encode(), hashlib.sha256)
    return urlsafe_b64encode(mac.digest()[:24]).decode()


def hashed(token: str) -> str:
    """Return what the database keeps of a token (SHA-256, hexadecimal)."""
    return hashlib.sha256(token.encode()).hexdigest()


def digits(phone: str | None) -> str | None:
    """Return the digits of a telephone number, as they are searched for; None for none."""
    found = re.sub(r"\D", "", phone or "")
    return found or None
