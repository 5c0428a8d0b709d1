"""Text as it is meant, whatever tricks its signs play: one form for many spellings."""

import html
import re
import unicodedata

# Signs that look like a Latin letter. Applied only where a word mixes them with Latin ones, so that no Russian or
# Greek word is touched.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнАЕОРСУХІЈЅКМТВНαορνικτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhkmtbhAEOPCYXIJSKMTBHaopviktuABEZHIKMNOPTYX",
)
DIGITS = str.maketrans("013457@$!", "oieastasi")
HIDDEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
WORD = re.compile(r"[^\W\d_]+")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
LONGEST = 10_000  # As far as a text grows by being made plain.
SPELLED = re.compile(r"(?<!\w)(?:\w[ .\-*_|]){3,}\w(?!\w)")
DISGUISED = re.compile(r"(?<![\w@.$])(?=[\w@$!]*[^\W\d_])[^\W\d_]*[013457@$!]+[^\W\d_][\w@$!]*", re.ASCII)


def fold(text: str) -> tuple[str, set[str]]:
    """The text with its own capitals, and the names of the tricks that it played.

    Full-width and decorated letters become plain, hidden signs go, letters of another script that stand in a Latin
    word become the Latin ones they look like, and a word that is spelled out with blanks is put together.
    """
    text = BREAK.sub("\n", html.unescape(text))
    tricks: set[str] = set()
    # One sign may become eighteen.
    plain = unicodedata.normalize("NFKC", text)[: max(len(text), LONGEST)]
    if any(
        unicodedata.name(sign, "").startswith(("MATHEMATICAL", "FULLWIDTH LATIN")) for sign in set(text) - set(plain)
    ):
        tricks.add("letters")
    seen = HIDDEN.sub("", plain)
    if re.search(f"[a-zA-Z]{HIDDEN.pattern}+[a-zA-Z]", plain):
        tricks.add("hidden")
    latin = WORD.sub(_in_one_script, seen)
    if latin != seen:
        tricks.add("scripts")
    joined = SPELLED.sub(_join, latin)
    if joined != latin:
        tricks.add("spelled")
    return joined, tricks


def undisguise(text: str) -> list[str]:
    """The words that are written with digits for letters, as they are meant."""
    found = (match[0].casefold().strip("!") for match in DISGUISED.finditer(text))
    return [
        word.translate(DIGITS)
        for word in found
        if len(word) > 3 and re.search(r"[a-z].*[a-z].*[a-z]", word) and not word[0:2].isdigit() and not word.isalpha()
    ]


def bare(word: str) -> str:
    """A word without capitals and accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _in_one_script(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not any("a" <= sign <= "z" for sign in word.lower()):
        return word
    return word.translate(LOOKALIKES)


def _join(match: re.Match[str]) -> str:
    letters = re.sub(r"[ .\-*_|]", "", match[0])
    return letters if sum(map(str.isalpha, letters)) > 3 else match[0]
