"""What the classifier counts of a reply: words, pairs of words, hosts of links, and how it is written."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from comments.classifier.folding import bare, fold, undisguise
from comments.classifier.themes import themes_of
from comments.known import Known

MOST_WORDS = 400  # Of a longer text the beginning and the end, where spam has its links.
ENDINGS = (
    "com net org info biz io co me ru su uk de in us shop xyz top site online club live store link pro vip example"
)
LINK = re.compile(
    r"https?://[^\s<>\"'\])]+|www\.[^\s<>\"'\])]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:"
    + "|".join(ENDINGS.split())
    + r"|ly|gl|gd|be)\b(?:/[^\s<>\"'\])]*)?",
    re.IGNORECASE,
)
# Where readers find studies, and public bodies.
REFERENCE = re.compile(
    r"(?:^|\.)(?:doi\.org|cochrane(?:library)?\.(?:org|com)|wikipedia\.org|who\.int|nejm\.org|thelancet\.com|nature\.com"
    r"|jamanetwork\.com|bmj\.com|clinicaltrials\.gov|nami\.org|mayoclinic\.org|europa\.eu|canada\.ca)$"
    r"|\.(?:gov|edu|mil)$|\.(?:gov|ac|nhs)\.[a-z]{2}$|(?:^|\.)nhs\.uk$"
)
# Where a pattern begins with a run of signs, the run has an end or begins nowhere within itself: else a text of such
# signs alone would take seconds.
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HANDLE = re.compile(r"(?<!\w)@\w{3,}")
MONEY = re.compile(
    r"[$€£₹]\s?\d[\d.,]*\s?[km]?\b|\b\d[\d.,]{0,20}\s?(?:[$€£₹]|usd|eur|euros?|dollars?|d[oó]lares|руб\w*)",
    re.IGNORECASE,
)
DOSE = re.compile(
    r"\b\d[\d.,/]{0,20}\s?(?:mg|mcg|µg|μg|ug|ml|mmol|iu|units?|kg|lbs?|mmhg)\b(?:\s?/\s?\w+)?", re.IGNORECASE
)
PERCENT = re.compile(r"\d\s?%")
PHONE = re.compile(r"(?<![\w/])\+?\(?\d[\d ().\-]{5,}\d\b")
DIGITS = re.compile(r"\+?\(?\d(?:[\d ().\-]*\d)?")
LONGEST_HOST = 100
LOCAL = 7  # Digits of a phone number without the code of its area.
DIGIT = re.compile(r"\d")
NUMBER = re.compile(r"\d{4,}")
MARKUP = re.compile(r"<a\s|\[url|\[b\]|\[link", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?\n]+")
WITHOUT_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Written:
    """A reply as the classifier sees it."""

    text: str
    name: str = ""
    website: str = ""


def features(written: Written, known: Known = NOTHING_KNOWN) -> dict[str, bool]:
    """Each feature of a reply, and whether it may be somebody's name. The order is that of the text.

    What is `known` as the clinic's own, or as a help line's, is none.
    """
    text, tricks = fold(written.text)
    found = dict.fromkeys((f"trick:{trick}" for trick in sorted(tricks)), False)
    if MARKUP.search(text):
        found["shape:markup"] = False
    links = [link for link in LINK.findall(text) if not _is_known(host_of(link), known)]
    if any(REFERENCE.search(host_of(link)) for link in links):
        found["shape:reference"] = False
        links = [link for link in links if not REFERENCE.search(host_of(link))]
    for link in links:
        found.update(_of_link(link, "link"))
    if links:
        found[f"shape:links {min(len(links), 3)}"] = False
        if len(LINK.sub("", text).split()) < 3:
            found["shape:link alone"] = False
    if written.website and not _is_known(host_of(written.website), known):
        found.update(_of_link(written.website, "website"))
    text = LINK.sub(" ", text)
    text, marks = _without_marks(text, known)
    found.update(dict.fromkeys(marks, False))
    found.update(dict.fromkeys(_of_name(written.name), False))
    for word in undisguise(text):
        found["trick:digits"] = found[word] = False
    found.update(_of_capitals(text))
    found.update(_of_words(text, written.name))
    found.update(dict.fromkeys(_of_themes(found), False))
    return found


def _of_themes(words: Iterable[str]) -> list[str]:
    """What the words are about, how often, and which themes come together."""
    often = Counter(theme for word in words if ":" not in word for theme in themes_of(word))
    found = [f"theme:{theme}" for theme in often]
    found += [f"theme:{theme} {least}" for least in (2, 4) for theme, number in often.items() if number >= least]
    return found + [f"theme:{one}+{other}" for one, other in combinations(sorted(often), 2)]


def _of_words(text: str, name: str) -> dict[str, bool]:
    names = {bare(word) for word in WORD.findall(name)}
    found: dict[str, bool] = {}
    before: list[tuple[str, bool]] = []
    tokens = WORD.findall(text)
    if len(tokens) > MOST_WORDS:
        tokens = tokens[: MOST_WORDS // 2] + tokens[-MOST_WORDS // 2 :]
    for token in tokens:
        if not token[0].isalpha():
            before = []
            continue
        looks_like_name = token[0].isupper() and not token.isupper()
        for word in _parts(bare(token)):
            is_name = word in names or (bool(before) and looks_like_name)
            found[word] = found.get(word, True) and is_name
            for earlier, was_name in before[-1:]:
                pair = f"{earlier} {word}"
                found[pair] = found.get(pair, True) and (is_name or was_name)
            before.append((word, is_name))
    return found


def _parts(word: str) -> list[str]:
    if WITHOUT_BLANKS.search(word):
        return [word[i : i + 2] for i in range(len(word) - 1)] or [word]
    return [word] if len(word) <= 24 else []


def _without_marks(text: str, known: Known) -> tuple[str, list[str]]:
    marks: list[str] = []

    def take(pattern: re.Pattern[str], name: str, text: str) -> str:
        found = 0

        def replace(match: re.Match[str]) -> str:
            nonlocal found
            digits = re.sub(r"\D", "", match[0])
            if name == "phone" and not 7 <= len(digits) <= 15:
                return match[0]
            found += 1
            return " "

        text = pattern.sub(replace, text)
        if found:
            marks.append(f"shape:{name}")
        return text

    has_digits = DIGIT.search(text) is not None  # Most texts have none.
    if has_digits:
        text = DIGITS.sub(lambda match: " " if _is_own_phone(match[0], known) else match[0], text)
    if "@" in text:
        text = take(MAIL, "mail", text)
        text = take(HANDLE, "handle", text)
    if has_digits:
        text = take(MONEY, "money", text)
        text = DOSE.sub(" ", text)
        text = take(PERCENT, "percent", text)
        text = take(PHONE, "phone", text)
        marks.extend(f"shape:number {min(len(number), 8)}" for number in NUMBER.findall(text))
    if text.count("!") > 2 or "!!" in text:
        marks.append("shape:exclaiming")
    return text, marks


def _is_own_phone(written: str, known: Known) -> bool:
    digits = re.sub(r"\D", "", written)
    if len(digits) < LOCAL:
        return digits in known.phones
    # With or without the codes of country and area.
    return any(len(phone) >= LOCAL and (digits.endswith(phone) or phone.endswith(digits)) for phone in known.phones)


def _of_capitals(text: str) -> dict[str, bool]:
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return {"shape:capitals": False} if len(letters) > 15 and capitals > 0.5 * len(letters) else {}


def _of_name(name: str) -> list[str]:
    found = []
    if LINK.search(name):
        found.append("name:link")
    if len(name.split()) > 4:
        found.append("name:long")
    if sum(map(str.isdigit, name)) > 2:
        found.append("name:digits")
    return found


def _of_link(link: str, where: str) -> dict[str, bool]:
    host = host_of(link)
    words = re.findall(r"[a-z]{3,}", link.casefold().partition("://")[2] or link.casefold())
    said = {f"{where}:{word}": False for word in words[:12] if word not in {"www", "example", "http", "https", "com"}}
    return {f"{where}:{host}": False, **said}


def host_of(link: str) -> str:
    """The host of a link, with or without “https://”, and without “www.”."""
    address = re.sub(r"^https?://", "", link.strip().casefold())
    return re.split(r"[^\w.-]", address)[0].removeprefix("www.")[:LONGEST_HOST]


def _is_known(host: str, known: Known) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in known.linked_hosts)
