"""The secrets reporters follow their case with: derived from a key, kept only as a hash, or not.

The key is the application's, known to its connections alone (`store.db.token_secret`). The token
stands in a link. The query code is short enough to be written down and typed; it opens a
case only together with its number, and `cases.tracking` counts the attempts.
"""

import hashlib
import hmac
import re
import unicodedata
from base64 import urlsafe_b64encode

from app.store.db import Connection, token_secret

CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is taken for another
CODE_LENGTH = 8
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def for_reporter(connection: Connection, reporter_key: int) -> str:
    """Return the token of a reporter: 32 URL-safe characters that only this server can derive."""
    return urlsafe_b64encode(_digest(connection, f"reporter:{reporter_key}")[:24]).decode()


def query_code(connection: Connection, reporter_key: int) -> str:
    """Return the query code of a reporter, as it is read aloud: "7K3M-Q9XT"."""
    value = int.from_bytes(_digest(connection, f"query code:{reporter_key}")[:5], "big")
    signs = "".join(CODE_SIGNS[value >> 5 * place & 31] for place in range(CODE_LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def is_query_code(connection: Connection, reporter_key: int, typed: str) -> bool:
    """Tell whether what was typed is a reporter's query code, in constant time."""
    wanted = plain_code(query_code(connection, reporter_key))
    return hmac.compare_digest(wanted.encode(), plain_code(typed).encode())


def plain_code(typed: str) -> str:
    """Return a query code without what may differ when people type it."""
    wide = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    return "".join(sign for sign in wide if sign in CODE_SIGNS)


def plain_number(typed: str) -> str:
    """Return a case number as it is kept: usual digits, no spaces."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def hashed(token: str) -> str:
    """Return what the database keeps of a token (SHA-256, hexadecimal)."""
    return hashlib.sha256(token.encode()).hexdigest()


def digits(phone: str | None) -> str | None:
    """Return the digits of a telephone number, as they are searched for; None for none."""
    found = re.sub(r"\D", "", phone or "")
    return found or None


def _digest(connection: Connection, what: str) -> bytes:
    return hmac.new(token_secret(connection).encode(), what.encode(), hashlib.sha256).digest()
