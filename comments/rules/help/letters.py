"""Letters as they are meant: without accents and invisible signs, and each in place of what looks like it."""

import itertools
import unicodedata

_CYRILLIC = "аa вb еe кk мm нh оo рp сc тt уy хx ѕs іi їi јj ԁd һh ӏl ցg ɡg лl"
_GREEK_AND_LATIN = "αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw ıi łl øo đd"
_STAND_INS = "0o 1i 3e 4a 5s 7t 8b 9g @a $s !i |l €e"


def _table(pairs: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


LOOKALIKES = _table(f"{_CYRILLIC} {_GREEK_AND_LATIN}")
STAND_INS, OTHER_STAND_INS = _table(_STAND_INS), _table(f"{_STAND_INS} 1l !l |i")
UNKNOWN = "*"
SIGNS = frozenset("@$!|€" + UNKNOWN)


def plain(token: str) -> str:
    """The token in small letters without accents; apostrophes, emoji and all that is invisible are left out."""
    if token.isascii():
        token = token.lower()
        return token if token.isalnum() else "".join(sign for sign in token if sign.isalnum() or sign in SIGNS)
    taken_apart = unicodedata.normalize("NFKD", token).casefold().translate(LOOKALIKES)
    return "".join(sign for sign in taken_apart if sign.isalnum() or sign in SIGNS)


def readings(word: str) -> tuple[str, str]:
    """What a word with digits or signs among its letters may stand for."""
    return word.translate(STAND_INS), word.translate(OTHER_STAND_INS)


def single(word: str) -> str:
    """Each letter once where it is repeated: “dieee” is “die”."""
    return "".join(sign for sign, _run in itertools.groupby(word))
