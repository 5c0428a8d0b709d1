"""Mail addresses, also those written for people and not for robots, and pages that are somebody's own."""

import re
from collections.abc import Iterator

from comments.known import Known
from comments.rules.personal_data.part import Part, plain

PLAIN = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){0,3}\s?\.\s?[a-z]{2,12}\b", re.IGNORECASE
)
ENDS = "com|org|net|edu|gov|info|io|me|co|es|uk|mx|ar|cl|pe|us|ca|au|de|fr|it|pt|br|eu"
SPOKEN = re.compile(
    rf"""(?<![\w.+-]) [\w.+-]{{1,64}}
    (?: \s? [\[({{] \s? (?:at|arroba) \s? [\])}}] \s? | \s (?:at|arroba) \s )
    (?! (?:this|that|the|a|an|my|your) \b ) [\w-]{{1,63}}
    (?: (?: \s? [\[({{] \s? (?:dot|punto) \s? [\])}}] \s? | \s (?:dot|punto) \s ) [\w-]{{1,63}} ){{0,3}}
    (?: \s? [\[({{] \s? (?:dot|punto) \s? [\])}}] \s? | \s (?:dot|punto) \s ) (?:{ENDS}) \b""",
    re.IGNORECASE | re.VERBOSE,
)
HALF_SPOKEN = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}}\s?[\[({{]\s?(?:at|arroba)\s?[\])}}]\s?(?:[\w-]{{1,63}}\.){{1,4}}(?:{ENDS})\b"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}\sarroba\s(?:[\w-]{{1,63}}\.){{1,4}}(?:{ENDS})\b"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}\s?(?:[\[({{]\s?|\s)(?:dot|punto)(?:\s?[\])}}]|\s)\s?(?:{ENDS})\b",
    re.IGNORECASE,
)
PROFILE = re.compile(
    r"\b(?:facebook|fb|instagram|tiktok|linkedin|snapchat|telegram|t)\.(?:com|me)/(?:in/|add/|people/)?@?[\w.%-]{3,64}",
    re.IGNORECASE,
)


# One of these is in each address; most texts have none, and are done.
SIGN = re.compile(r"@|arroba|dot|punto|[\[({]\s?at", re.IGNORECASE)


def find(text: str, known: Known) -> Iterator[Part]:
    for pattern in (PLAIN, SPOKEN, HALF_SPOKEN) if SIGN.search(text) else ():
        for match in pattern.finditer(text):
            if re.sub(r"\s", "", match[0]).casefold() not in known.emails:
                yield Part(match.start(), match.end(), "email")
    for match in PROFILE.finditer(text) if "/" in text else ():
        if plain(match[0]) not in known.contact:
            yield Part(match.start(), match.end(), "profile")
