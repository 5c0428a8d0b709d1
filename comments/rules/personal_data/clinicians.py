"""Clinicians by their names: “Dr. Smith”, “la Dra. López”; never “my doctor”."""

import re
from collections.abc import Iterator

from comments.known import Known
from comments.rules.personal_data.part import Part

NAME = r"[A-ZÁÉÍÓÚÑÜ][\w’'-]{1,24}"
NAMES = rf"(?P<name>{NAME}(?:\s(?:(?:de|del|la|von|van)\s){{0,2}}{NAME}){{0,2}})"
TITLED = re.compile(
    rf"\b(?:Dr|Dra|dr|dra|DR|DRA)\b\.?\s?{NAMES}|\b(?:[Dd]octora?|[Nn]urse|[Tt]herapist|[Pp]sychiatrist|[Ee]nfermer[oa])\s{NAMES}".replace(
        "(?P<name>", "(?P<short>", 1
    )
)
LETTERED = re.compile(
    rf"(?<![\w.])(?P<name>{NAME}(?:\s[A-Z]\.)?\s{NAME}),?\s(?:M\.?D|D\.?O|PsyD|LCSW|LMFT|NP|PMHNP|CRNA|RN|APRN)\b"
)
# What begins with a capital after “doctor” and names nobody we should ask about.
NOBODY = frozenset(
    """google who house pepper strange seuss phil oz and of in on at the my we he she they it but so who when what if
    i you no not visit visits appointment office said told asked then practitioner practitioners doctor association
    y de en el la mi me lo que con no pero internet""".split()
)
POSSESSIVE = re.compile(r"['’]s$")


def find(text: str, known: Known) -> Iterator[Part]:
    for match in TITLED.finditer(text):
        if _names_somebody(match["short"] or match["name"], known):
            yield Part(match.start(), match.end(), "clinician")
    for match in LETTERED.finditer(text):
        if _names_somebody(match["name"], known):
            yield Part(match.start(), match.end(), "clinician")


def _names_somebody(name: str, known: Known) -> bool:
    words = [POSSESSIVE.sub("", word).casefold() for word in name.split()]
    return words[0] not in NOBODY and not any(word in person.split() for person in known.people for word in words)
