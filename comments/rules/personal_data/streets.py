"""Full street addresses: a street with its number, as in the United States, Britain, Spain and Latin America."""

import re
from collections.abc import Iterator

from comments.known import Known
from comments.rules.personal_data.part import Part, plain

WORD = r"[A-ZÁÉÍÓÚÑ][\w'’.-]{0,24}"
PLACE = (
    r"(?:,?\s(?:Apt|Apartment|Unit|Suite|Ste|Flat|\#)\.?\s?\w{1,6})?"
    r"(?:,\s[A-Z][a-z'’.-]{1,20}(?:\s[A-Z][a-z'’.-]{1,20}){0,3}){0,2}"
    r"(?:,?\s[A-Z]{2}\s\d{5}(?:-\d{4})?\b|,?\s[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b)?"
)
KINDS = (
    r"Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Court|Ct|Way|Place|Pl|Terrace|Circle|Cir|Highway"
    r"|Hwy|Parkway|Pkwy|Square|Sq|Close|Crescent|Gardens|Grove|Mews|Row|Walk|Hill|Trail|Loop"
)
ENGLISH = re.compile(
    rf"\b\d{{1,6}}[A-Za-z]?,?\s(?:[NSEW]{{1,2}}\.?\s)?(?!The\b|This\b|Our\b|A\b)(?:\d{{1,3}}(?:st|nd|rd|th)\s|(?:{WORD}\s){{1,4}})"
    rf"(?:{KINDS})\b\.?(?!\s?[A-Z][a-z]+\s(?:said|told|is|was|and)\b)(?!(?<=Dr)\.?\s[A-Z])(?!(?<=Dr\.)\s[A-Z]){PLACE}"
)
NO_NAME = (
    r"(?:a|an|and|across|along|around|at|away|bad|blocks?|by|days?|different|doors?|down|for|from|her|his|hours?|houses?"
    r"|in|long|men|miles?|minutes?|mg|my|near|of|off|on|our|over|patients?|people|same|the|their|times?|to|up|weeks?"
    r"|women|years?|your|main|busy)\b"
)
LOWER = re.compile(
    rf"\b\d{{1,5}}[a-z]?\s(?:(?:north|south|east|west|[nsew])\.?\s)?(?!(?!main){NO_NAME})[a-z'’-]{{2,20}}\s"
    rf"(?:(?!{NO_NAME})[a-z'’-]{{2,20}}\s)?(?:street|avenue|boulevard|blvd|ave|road|lane|st|rd|ln)\b(?!\s[A-Z])\.?",
)
BOX = re.compile(r"\bP\.?\s?O\.?\s+Box\s\d{1,7}\b", re.IGNORECASE)
NO_STREET = (
    r"(?:hace|desde|durante|por|en|con|a|y|que|unos|unas|tras|m[aá]s|menos|cada|casi|solo|como|tiene|hasta|entre|son|hay"
    r"|est[aá]n?|hab[ií]a)\b"
)
SPANISH = re.compile(
    rf"(?:\b(?:calle|avenida|avda\.?|paseo|plaza|pza\.?|carretera|ctra\.?|ronda|traves[ií]a|camino|jir[oó]n)\s|\bc/\s?)"
    rf"(?:(?!{NO_STREET})[\wÁÉÍÓÚÑáéíóúñ.'’-]{{1,24}}(?<!\d)\s){{0,5}}"
    rf"(?!{NO_STREET})(?=[^\W\d])[\wÁÉÍÓÚÑáéíóúñ.'’-]{{1,24}},?\s(?:n[.ºúu°]{{1,3}}m?\.?\s?|n[uú]mero\s|\#\s?)?\d{{1,5}}\b"
    rf"(?!\s(?:horas?|d[ií]as?|veces|a[ñn]os?|mg|personas|minutos|meses|semanas))"
    rf"(?:,?\s\d{{1,2}}\s?[ºª°](?:\s(?:izq\w*|dcha|der\w*|[A-Z]))?\.?)?(?:,\s\d{{5}})?(?:,?\s\d{{5}}\s[A-ZÁÉÍÓÚÑ][\w]{{1,24}})?",
    re.IGNORECASE,
)
CROSSING = re.compile(
    r"\b(?:calle|carrera|cra|cl|kr|avenida|diagonal|transversal)\.?\s\d{1,3}[A-Za-z]?\s?(?:#|No\.?|Nº|n\.?º)\s?\d{1,3}[A-Za-z]?\s?-\s?\d{1,3}\b",
    re.IGNORECASE,
)


def find(text: str, known: Known) -> Iterator[Part]:
    for pattern in (ENGLISH, LOWER, BOX, SPANISH, CROSSING):
        for match in pattern.finditer(text):
            if not known.contact or plain(match[0]) not in known.contact:
                yield Part(match.start(), match.end(), "street")
