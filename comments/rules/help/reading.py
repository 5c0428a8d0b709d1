"""A text as the words that were meant: what hides a word is taken away, and each word keeps its place in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from comments.rules.help.letters import SIGNS, UNKNOWN, plain, readings, single
from comments.rules.help.table import BREAK

# What words consist of; whatever is invisible does not part them.
TOKEN = re.compile(r"[^\s,;:()\[\]{}\"“”„«»‹›/\\…–—?¿¡.\-_~#&=<>+^`]+")
STOP = re.compile(r"[.!?…:;]+[\"'”’»)*_]*(?:\s|$)|\n|…")
NUMBER, MANY = "#", "##"
TITLES = frozenset({"dr", "mr", "mrs", "ms", "sr", "sra", "dra", "st", "vs"})  # A full stop after one ends no sentence.
LONGEST_WORD = 16
LONGEST_RUN = 120  # Of words written as one, with nothing between them.


class Read(NamedTuple):
    """A word, as all that it may be taken for, and where it stands."""

    keys: tuple[str, ...]
    start: int
    end: int


class _Token(NamedTuple):
    letters: str
    words: tuple[str, ...]
    is_known: bool
    start: int
    end: int
    ends_sentence: bool


class Reader:
    """Reads texts by the words of the phrases: what nobody would look for need not be found out."""

    def __init__(self, words: Iterable[str], spelling: Mapping[str, list[str]], often_misspelt: Iterable[str]) -> None:
        self.words = {word for word in words if not word.endswith(UNKNOWN)}
        self.beginnings = frozenset(word for word in words if word.endswith(UNKNOWN))
        # By length and first letter: a text may hold thousands of words with a letter that nobody knows.
        self.alike: dict[tuple[int, str], list[str]] = defaultdict(list)
        for word in sorted(self.words):
            self.alike[len(word), word[0]].append(word)
        self.singles = {single(word): word for word in sorted(self.words, key=len, reverse=True)}
        self.slips: dict[str, str] = {}
        for word in often_misspelt:
            for slip in slips_of(word) - self.words:
                self.slips.setdefault(slip, word)
        self.slips |= {plain(wrong): plain(right) for right, all_wrong in spelling.items() for wrong in all_wrong}
        self.prefixes = {word[:length] for word in self.words for length in range(1, len(word) + 1)}
        self._token = lru_cache(maxsize=8192)(self._read_token)
        self.keys = lru_cache(maxsize=8192)(self._keys)

    def read(self, text: str) -> list[Read]:
        """The words of a text, with breaks around each sentence."""
        tokens = self._tokens(text)
        found = [Read((BREAK,), 0, 0)]
        place = 0
        while place < len(tokens):
            token = tokens[place]
            joined = self._join(tokens, place) if self._may_go_on(tokens, place) else None
            if joined is not None:
                word, count = joined
                end = tokens[place + count - 1]
                found.append(Read(self.keys(word), token.start, end.end))
            else:
                count, end = 1, token
                for word in token.words:
                    found.append(Read(self.keys(word), token.start, token.end))
            if end.ends_sentence:
                found.append(Read((BREAK,), end.end, end.end))
            place += count
        if found[-1].keys != (BREAK,):
            found.append(Read((BREAK,), len(text), len(text)))
        return found

    def _tokens(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        spans = [match.span() for match in TOKEN.finditer(text)]
        for number, (start, end) in enumerate(spans, start=1):
            token = text[start:end]
            behind = text[end : spans[number][0] if number < len(spans) else len(text)]
            stops = (behind != " " or token[-1] == "!") and _stops(token, behind)
            letters, words, is_known = self._token(token if len(token) <= LONGEST_RUN else token[:LONGEST_RUN])
            if letters:
                tokens.append(_Token(letters, words, is_known, start, end, stops))
            elif stops and tokens:
                last = tokens[-1]
                tokens[-1] = _Token(last.letters, last.words, last.is_known, last.start, last.end, True)
        return tokens

    def _may_go_on(self, tokens: list[_Token], place: int) -> bool:
        """Whether a word may have been written in pieces from here on: most stand alone."""
        token = tokens[place]
        if len(token.letters) >= LONGEST_WORD or token.ends_sentence or place + 1 == len(tokens):
            return False
        letters = token.letters + tokens[place + 1].letters
        return letters in self.prefixes or not letters.isalpha()

    def _join(self, tokens: list[_Token], place: int) -> tuple[str, int] | None:
        """The longest word that was written in pieces from here on, and of how many; a piece must be no word itself."""
        letters, all_known, best = tokens[place].letters, tokens[place].is_known, None
        for count, token in enumerate(tokens[place + 1 : place + LONGEST_WORD], start=2):
            if tokens[place + count - 2].ends_sentence:
                break
            letters, all_known = letters + token.letters, all_known and token.is_known
            word = self._stands_for(letters)
            if word not in self.prefixes:
                break
            if word in self.words and not all_known:
                best = (word, count)
        return best

    def _stands_for(self, letters: str) -> str:
        if letters.isalpha():
            return letters
        return next((word for word in readings(letters) if word in self.prefixes), letters)

    def _read_token(self, token: str) -> tuple[str, tuple[str, ...], bool]:
        """Its letters, the words it is, and whether all of them are known."""
        # A capital I looks like a small l.
        if "I" in token[1:] and not token.isupper() and plain(token.replace("I", "l")) in self.words:
            token = token.replace("I", "l")
        letters = plain(token).rstrip("!*").lstrip("!|*€")
        words = self._known(letters)
        return letters, words or (letters.strip("@$|€"),), letters in self.words

    def _known(self, letters: str) -> tuple[str, ...] | None:
        for word in dict.fromkeys((letters, *readings(letters))) if letters else ():
            if word.isdigit():
                return (self.slips.get(word, word),)
            for known in (word, self.slips.get(word), self.singles.get(single(word)), self.slips.get(single(word))):
                if known in self.words:
                    return (known,)
        if not letters.isalnum():
            return self._without_signs(letters)
        return self._parted(letters)

    def _without_signs(self, letters: str) -> tuple[str, ...] | None:
        """A word with a sign in place of a letter, or between its letters."""
        bare = "".join(sign for sign in letters if sign not in SIGNS)
        if bare in self.words:
            return (bare,)
        if UNKNOWN in letters and len(letters) <= LONGEST_WORD and sum(map(str.isalpha, letters)) >= 2:
            return next(
                ((word,) for word in self.alike.get((len(letters), letters[0]), ()) if _fits(word, letters)), None
            )
        return None

    def _parted(self, letters: str) -> tuple[str, ...] | None:
        """Words that were written as one, such as “iwanttodie”; all of it must be words."""
        if not 6 <= len(letters) <= LONGEST_RUN:
            return None
        # The fewest words that make up the letters to each place; most letters begin with none, and are done.
        best: dict[int, tuple[str, ...]] = {0: ()}
        for start in range(len(letters)):
            for end in range(start + 1, min(start + LONGEST_WORD, len(letters)) + 1) if start in best else ():
                word, before = letters[start:end], best[start]
                if word in self.words and (end not in best or len(best[end]) > len(before) + 1):
                    best[end] = (*before, word)
        return best.get(len(letters))

    def _keys(self, word: str) -> tuple[str, ...]:
        spellings = dict.fromkeys((word, single(word)))
        begun = (way[:length] + UNKNOWN for way in spellings for length in range(2, len(way) + 1))
        number: tuple[str, ...] = (NUMBER, MANY)[: 1 if len(word) == 1 else 2] if word.isdigit() else ()
        # All words that no phrase holds are alike.
        return (word if word in self.words else "", *number, *(key for key in begun if key in self.beginnings))


def _stops(token: str, behind: str) -> bool:
    """Whether a sentence ends with this token, by what stands between it and the next one."""
    stops = token[-1] == "!" or behind.startswith("\n") or (len(behind) > 1 and STOP.search(behind) is not None)
    return stops and token.lower() not in TITLES


def _fits(word: str, letters: str) -> bool:
    """Whether they are the same but for letters that nobody knows. Both are of one length."""
    return all(sign in (UNKNOWN, own) for own, sign in zip(word, letters, strict=True))


def slips_of(word: str) -> set[str]:
    """What a slip of a finger makes of a word: a letter missing, another one, or two the wrong way round."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    parts = [(word[:place], word[place:]) for place in range(1, len(word))]
    missing = {before + after[1:] for before, after in parts}
    turned = {before + after[1] + after[0] + after[2:] for before, after in parts if len(after) > 1}
    another = {before + letter + after[1:] for before, after in parts for letter in letters}
    return (missing | turned | another) - {word}
