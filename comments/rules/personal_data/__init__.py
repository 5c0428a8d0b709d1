"""Finding what tells who somebody is, or how to reach them. Pure, and in time that grows with the text alone."""

import re
from collections.abc import Iterable, Iterator

from comments.known import Known
from comments.rules.personal_data import births, clinicians, emails, phones, records, streets
from comments.rules.personal_data.part import Part, Piece, apart, cut
from comments.rules.submission import Reason, Submission

__all__ = ["Known", "Part", "Piece", "contacts", "cut", "find", "found", "redact"]

PLACEHOLDER = "[…]"
NOBODY_KNOWN = Known()
DIGIT = re.compile(r"\d")
CITED = re.compile(r"\d|://|www\.", re.IGNORECASE)  # One of these is in each of the following.
# Addresses of articles and numbers of studies, in which digits mean nobody. Taken out at the same length.
CITATIONS = re.compile(
    r"""https?://[^\s<>]{1,2000} | \bwww\.[^\s<>]{1,2000} | \b10\.\d{4,9}/[^\s<>]{1,200}
    | \b(?:NCT|ISRCTN|ACTRN|DRKS|PMC)\s?\d{6,14}\b
    | \b(?:PMID|PMCID|ISBN|ISSN|EudraCT)[:\s]{0,3}(?:no\.?\s)?\d[\d -]{4,17}\d
    | \b\d{4}-\d{6}-\d\d\b | \b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b(?=[^\n]{0,12}orcid) | \borcid[:\s.org/]{0,8}[\dX-]{19}""",
    re.IGNORECASE | re.VERBOSE,
)


def find(text: str, known: Known = NOBODY_KNOWN) -> list[Part]:
    """The parts of a text that are personal data, in their order, none overlapping another."""
    cited = CITATIONS.sub(lambda match: " " * len(match[0]), text) if CITED.search(text) else text
    # All but mail addresses and names hold a digit.
    numbered, whole = (cited, text) if DIGIT.search(text) else ("", "")
    every = [
        *records.find(numbered),
        *emails.find(text, known),
        *births.find(numbered),
        *streets.find(numbered, known),
        *phones.find(numbered, known, whole),
        *clinicians.find(cited, known),
    ]
    return list(apart(every))


def contacts(text: str, known: Known = NOBODY_KNOWN) -> list[Part]:
    """As `find`, but for a name, in which somebody may well be a doctor."""
    return [part for part in find(text, known) if part.kind != "clinician"]


def redact(text: str, parts: Iterable[Part]) -> str:
    """The text with a placeholder for each part."""
    kept, at = [], 0
    for part in parts:
        kept += [text[at : part.start], PLACEHOLDER]
        at = part.end
    return "".join([*kept, text[at:]])


def found(submission: Submission) -> Iterator[Reason]:
    """One reason for all parts, with their kinds and nothing of what they say."""
    known = submission.known
    parts = [*contacts(submission.name, known), *find(submission.source, known)]
    if parts:
        yield Reason("personal_data", points=0, fragment=", ".join(dict.fromkeys(part.kind for part in parts)))
