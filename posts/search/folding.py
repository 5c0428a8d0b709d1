"""Text as the search compares it: words without case, accents and compatibility forms.

It is done here once, the same for every database, which then sees nothing but letters and digits between spaces.
Scripts that put no spaces between words are cut into single characters; a run of them is searched as a phrase.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

LONGEST_WORD = 40  # What is longer is compared by its beginning.

# Letters that are one in the eyes of somebody who searches, and that Unicode does not take apart.
SAME_LETTERS = str.maketrans(
    {
        **{"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"},
        # Arabic and Persian write the same word with the one or the other; the stroke that stretches says nothing.
        **{"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا", "ـ": ""},
        **{"ʹ": "", "ʻ": "", "ʼ": ""},
    }
)
# Beginning and end of what is written without spaces: Thai and Lao, Burmese, Khmer, Japanese, Korean, Chinese.
UNSPACED = [
    (0x0E01, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x312F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFF),
]
APART, LETTER, ALONE, JOINED = " ", "w", "c", "m"
ASCII_SPANS = re.compile("[a-z0-9]+")
SPANS = re.compile(f"{LETTER}[{LETTER}{JOINED}]*|{ALONE}{JOINED}*")
MOST_KNOWN = 20_000


class Characters(dict[int, str]):
    """What `make` says of each character, for `str.translate`; remembered for as many as a site may ever use."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self.make = make

    def __missing__(self, code: int) -> str:
        made = self.make(chr(code))
        if len(self) < MOST_KNOWN:
            self[code] = made
        return made


class Word(NamedTuple):
    """A word of a text as it is compared, and where it stands."""

    folded: str
    start: int
    end: int


def _is_accent(mark: str) -> bool:
    """Accents of Latin, Greek and Cyrillic, and the points of Hebrew and Arabic; not the vowels of other scripts."""
    place = unicodedata.combining(mark)
    return place == 1 or 10 <= place <= 36 or place >= 200


def _fold(character: str) -> str:
    """What is compared of one character; nothing where it is no letter or digit."""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if unicodedata.category(character) == "So" or unicodedata.decomposition(character).startswith("<super> 00"):
        return ""  # ™ and the ² of a note are no part of the word they follow.
    # The second time for what was hidden in a compatibility form.
    for _time in range(2):
        parts = unicodedata.normalize("NFKD", character.casefold())
        character = "".join(part for part in parts if not _is_accent(part)).translate(SAME_LETTERS)
    whole = unicodedata.normalize("NFC", character)
    return whole if all(part.isalnum() or unicodedata.category(part)[0] == "M" for part in whole) else ""


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or (category == "Cf" and character != "\u200b"):
        return JOINED
    folded = _fold(character)
    if not folded:
        return JOINED if category == "Lm" else APART
    # Itself, or what it is compared as: ㊀ is 一.
    codes = (ord(character), ord(folded[0]))
    return ALONE if any(first <= code <= last for first, last in UNSPACED for code in codes) else LETTER


FOLDS, KINDS = Characters(_fold), Characters(_kind)


def composed(text: str) -> str:
    """The text in the form that `words()` wants."""
    return unicodedata.normalize("NFC", text)


def _without_leading_marks(folded: str) -> str:
    """The word from its first letter on: Thai and Lao have a vowel that comes apart into a mark and a letter."""
    return next((folded[i:] for i, part in enumerate(folded) if unicodedata.category(part)[0] != "M"), "")


def words(text: str) -> Iterator[Word]:
    """The words of a `composed()` text, in their order."""
    if text.isascii():
        for match in ASCII_SPANS.finditer(text.lower()):
            yield Word(match[0][:LONGEST_WORD], match.start(), match.end())
        return
    for match in SPANS.finditer(text.translate(KINDS)):
        folded = _without_leading_marks(text[match.start() : match.end()].translate(FOLDS))[:LONGEST_WORD]
        if folded:
            yield Word(folded, match.start(), match.end())


def letters(text: str) -> str:
    """The letters and digits of a `composed()` text as they are compared: each of its words is in there."""
    return text.lower() if text.isascii() else text.translate(FOLDS)
