"""What shows in a text's shape, whatever it says: shouting, repetition, disguised letters, foreign markup."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from comments.rules.submission import Reason, Submission

BBCODE = re.compile(r"\[/?(?:url|link|img|b|i|u|color|size|quote|code)\b[^\]\n]{0,200}\]", re.IGNORECASE)
HTML_LINK = re.compile(r"<\s*a\s[^>\n]{0,200}href|<\s*/\s*a\s*>|&lt;a\s", re.IGNORECASE)
WORD = re.compile(r"[^\W_]{2,}")
LETTERS_TO_SHOUT = 40
# Zero-width signs, soft hyphens, and marks that turn the direction of writing. The joiners U+200C and U+200D are
# missing: Persian, Indian scripts and emoji need them.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
LOOKALIKE_SCRIPTS = {"LATIN", "CYRILLIC", "GREEK"}
TEXT_TO_REPEAT = 12  # Words; below, people repeat themselves for a reason: "no, no, no".


def foreign_markup(submission: Submission) -> Iterator[Reason]:
    """Links written for another kind of forum, as programs do that post everywhere alike."""
    hit = BBCODE.search(submission.source) or HTML_LINK.search(submission.source)
    if hit:
        yield Reason("markup", points=4, fragment=hit[0][:200])


def shouting(submission: Submission) -> Iterator[Reason]:
    """A text of capitals alone."""
    letters = [sign for sign in submission.source if sign.isupper() or sign.islower()]
    if len(letters) >= LETTERS_TO_SHOUT and sum(map(str.isupper, letters)) > 0.8 * len(letters):
        yield Reason("capitals", points=2, fragment=submission.source[:80])


def repeating(submission: Submission) -> Iterator[Reason]:
    """The same words, or the same line, again and again."""
    words = [word.casefold() for word in WORD.findall(submission.source)]
    if len(words) < TEXT_TO_REPEAT:
        return
    word, times = Counter(words).most_common(1)[0]
    lines = Counter(line.strip() for line in submission.source.splitlines() if len(line.strip()) > 10)
    line, same = lines.most_common(1)[0] if lines else ("", 0)
    if times > 0.5 * len(words):
        yield Reason("repetition", points=2, fragment=f"{word} ×{times}"[:200])
    elif same >= 3:
        yield Reason("repetition", points=2, fragment=line[:200])


def disguised(submission: Submission) -> Iterator[Reason]:
    """Letters of two scripts within a word, or signs that nobody sees: made to slip past word lists."""
    text = f"{submission.name}\n{submission.source}"
    mixed = next((word for word in WORD.findall(text) if _is_mixed(word)), "")
    if mixed:
        yield Reason("disguise", points=4, fragment=mixed[:80])
    elif hidden := INVISIBLE.search(text):
        yield Reason("disguise", points=2, fragment=unicodedata.name(hidden[0], f"U+{ord(hidden[0]):04X}"))


def _is_mixed(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha()}
    # One Greek letter beside Latin ones is a unit or a symbol, such as in µg.
    foreign = sum(unicodedata.name(sign, "").startswith(("CYRILLIC", "GREEK")) for sign in word)
    return len(scripts & LOOKALIKE_SCRIPTS) > 1 and (foreign > 1 or "CYRILLIC" in scripts)
