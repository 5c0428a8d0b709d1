"""Keys, tokens and encrypted fields.

Every use of a secret has a name of its own ("purpose"), so that what one gives away opens nothing else.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core import signing

FORM_TOKEN_DAYS = 8  # A cached page may be a week old and its form still posts.
FORM_TOKEN_LENGTH = 32  # 128 bits: it stands on every page of an article, and does not compress.
WRITER_KEY = re.compile(r"([0-9a-f]{32})-([0-9a-f]{64})", re.ASCII)
ROW_TOKEN = re.compile(r"(\d{1,18})-(\d{1,10})-([0-9a-f]{64})", re.ASCII)


def keyed_hash(purpose: str, value: str, *, secret: str | None = None) -> str:
    """A hash, in hex, that nobody without the secret can test a guess against."""
    key = hashlib.sha256(f"ketablog:{purpose}:{secret or settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def all_hashes(purpose: str, value: str) -> Iterator[str]:
    """The keyed hash under the present key and under those it replaced."""
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        yield keyed_hash(purpose, value, secret=secret)


def daily_hash(purpose: str, value: str) -> str:
    """A hash that is another one tomorrow, so that it follows nobody for longer than a day."""
    return keyed_hash(purpose, f"{_today().isoformat()}:{value}")


# The form's guard


def form_token(post_id: int) -> str:
    """The guard of a post's form: the same for all readers of one UTC day."""
    return keyed_hash("form", f"{post_id}:{_today().isoformat()}")[:FORM_TOKEN_LENGTH]


def form_token_is_valid(token: str, post_id: int) -> bool:
    """Whether the token is this post's, from today or one of the eight days before."""
    days = [_today() - timedelta(days=days) for days in range(FORM_TOKEN_DAYS + 1)]
    expected = [digest for day in days for digest in all_hashes("form", f"{post_id}:{day.isoformat()}")]
    given = token[:FORM_TOKEN_LENGTH].encode()  # A page stored before tokens had this length has a longer one.
    # Each is compared, whether or not one was found, so that time tells nothing.
    return sum(hmac.compare_digest(given, digest[:FORM_TOKEN_LENGTH].encode()) for digest in expected) > 0


# What was shown about one text, and means no other


def sign_text(purpose: str, text: str) -> str:
    """A token for exactly this text and one purpose."""
    return keyed_hash(purpose, text)


def text_is_signed(purpose: str, text: str, token: str) -> bool:
    """Whether `sign_text` gave this token for the text."""
    return sum(hmac.compare_digest(token.encode(), digest.encode()) for digest in all_hashes(purpose, text)) > 0


def _today() -> date:
    return datetime.now(tz=UTC).date()


# Private links: to the writer's own page of a reply, and to the page of notices to an address


def new_generation() -> int:
    """Where the generations of a row begin: anywhere, as after an older backup its number may come again."""
    return secrets.randbelow(2**30)


def own_token(row_id: int, generation: int) -> str:
    """What opens the writer's own page of one row, as long as the row is of this generation."""
    return _row_token("own", row_id, generation)


def read_own_token(token: str) -> tuple[int, int] | None:
    """The row and the generation that we made a token for; `None` for any other text."""
    return _read_row_token("own", token)


def notices_token(row_id: int, generation: int) -> str:
    """What opens the page of the notices to one address, as long as its row is of this generation."""
    return _row_token("notices", row_id, generation)


def read_notices_token(token: str) -> tuple[int, int] | None:
    """The row and the generation that we made such a token for; `None` for any other text."""
    return _read_row_token("notices", token)


def _row_token(purpose: str, row_id: int, generation: int) -> str:
    return f"{row_id}-{generation}-{keyed_hash(purpose, f'{row_id}:{generation}')}"


def _read_row_token(purpose: str, token: str) -> tuple[int, int] | None:
    match = ROW_TOKEN.fullmatch(token)
    if match is None:
        return None
    # Each is compared, whether or not one was found, so that time tells nothing.
    found = sum(hmac.compare_digest(match[3], digest) for digest in all_hashes(purpose, f"{match[1]}:{match[2]}"))
    return (int(match[1]), int(match[2])) if found else None


# The writer's key: it lives in the reader's browser, and its first half alone stands with the replies that came with it


def new_writer() -> str:
    """The code of a writer whom nobody knows yet."""
    return secrets.token_hex(16)


def writer_key(code: str) -> str:
    """What proves to be the writer of this code; empty for none."""
    return f"{code}-{keyed_hash('writer', code)}" if code else ""


def read_writer_key(key: str) -> str:
    """The code that we made a key for; empty for any other text."""
    match = WRITER_KEY.fullmatch(key)
    if match is None:
        return ""
    # Each is compared, whether or not one was found, so that time tells nothing.
    found = sum(hmac.compare_digest(match[2], digest) for digest in all_hashes("writer", match[1]))
    return match[1] if found else ""


# Tokens that show something about one row, and open nothing: for good, or for a while


def sign_id(purpose: str, row_id: int) -> str:
    """A token for one row and one purpose."""
    return signing.Signer(salt=f"ketablog:{purpose}").sign_object(row_id)


def read_id(purpose: str, token: str) -> int | None:
    """The row a token stands for; `None` for any other text."""
    try:
        value = signing.Signer(salt=f"ketablog:{purpose}").unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return value if isinstance(value, int) else None


def sign_id_for_now(purpose: str, row_id: int) -> str:
    """A token for one row and one purpose that knows when it was made."""
    return signing.TimestampSigner(salt=f"ketablog:{purpose}").sign_object(row_id)


def read_recent_id(purpose: str, token: str, *, within: timedelta) -> int | None:
    """The row that a token of `sign_id_for_now` stands for; `None` where it is older, and for any other text."""
    try:
        value = signing.TimestampSigner(salt=f"ketablog:{purpose}").unsign_object(token, max_age=within)
    except (signing.BadSignature, ValueError):
        return None
    return value if isinstance(value, int) else None


def sign_words_for_now(purpose: str, words: list[str]) -> str:
    """A token for these words and one purpose that knows when it was made."""
    return signing.TimestampSigner(salt=f"ketablog:{purpose}").sign_object(words)


def read_recent_words(purpose: str, token: str, *, within: timedelta) -> list[str] | None:
    """The words that a token of `sign_words_for_now` stands for; `None` where it is older, and for any other text."""
    try:
        return signing.TimestampSigner(salt=f"ketablog:{purpose}").unsign_object(token, max_age=within)
    except (signing.BadSignature, ValueError):
        return None


# Mail addresses at rest. Each value begins with the name of its key: "k1:…".


class CannotDecrypt(Exception):
    """The key that a row names is not among EMAIL_KEYS, or the row was tampered with."""


def encrypt(text: str) -> str:
    """The text under the first of EMAIL_KEYS; empty stays empty."""
    if not text:
        return ""
    name = next(iter(settings.EMAIL_KEYS))
    return f"{name}:{_fernet(name).encrypt(text.encode()).decode()}"


def decrypt(stored: str) -> str:
    """What `encrypt` was given. Raises `CannotDecrypt`."""
    if not stored:
        return ""
    name, _colon, token = stored.partition(":")
    if name not in settings.EMAIL_KEYS:
        raise CannotDecrypt(f"EMAIL_KEYS has no key named {name!r}.")
    try:
        return _fernet(name).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise CannotDecrypt(f"The key {name!r} does not open this value.") from error


def address_index(address: str) -> str:
    """What finds the rows of an address without opening them; empty for no address."""
    return next(iter(address_indexes(address)), "")


def address_indexes(address: str) -> list[str]:
    """The index of an address under each of EMAIL_KEYS, the present key first."""
    if not address:
        return []
    folded = address.strip().casefold()
    return [
        f"{name}:{keyed_hash('address-index', folded, secret=secret)}" for name, secret in settings.EMAIL_KEYS.items()
    ]


def _fernet(name: str) -> Fernet:
    key = hashlib.sha256(f"ketablog:address:{settings.EMAIL_KEYS[name]}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
