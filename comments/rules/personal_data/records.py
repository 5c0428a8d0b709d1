"""Numbers that an office knows somebody by: records, policies, cards and papers of identity."""

import re
from collections.abc import Iterator

from comments.rules.personal_data.part import Part, matches

NUMBER = r"(?P<number>(?=[A-Z-]{0,5}\d)[A-Z]{0,4}-?\d[\dA-Z-]{4,17})\b"
IS = r"(?:\s{0,2}(?:is|es|:|=|\#|-|number|no\.?|num\.?|id|n[.º°]{1,2}|número|nº)){0,3}\s{0,2}[:\#]?\s?"
STRONG = re.compile(
    rf"""\b(?: mrn | ssn | nhs | nuhsa | curp | nss | medicare | medicaid | social\s+security | seguridad\s+social
      | medical\s+record | historia\s+cl[ií]nica | tarjeta\s+sanitaria | member\s+id | patient\s+id | p[óo]liza
      | n[uú]mero\s+de\s+(?:historia|p[óo]liza|afiliad[oa]|asegurad[oa]|expediente|paciente) ) \b {IS} {NUMBER}""",
    re.IGNORECASE | re.VERBOSE,
)
NAMED = re.compile(
    rf"""\b(?: record | chart | patient | member | policy | insurance | group | account | claim | subscriber
      | expediente | afiliad[oa] | asegurad[oa] | paciente ) \s{{0,2}}
      (?: number | no\.? | num\.? | id | \# | n[.º°]{{1,2}} | n[uú]mero )
      (?: \s{{0,2}}(?: is | es | : | \# ) ){{0,2}} \s{{0,2}} {NUMBER}""",
    re.IGNORECASE | re.VERBOSE,
)
SOCIAL_SECURITY = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])")
SPACED_SOCIAL_SECURITY = re.compile(
    r"\b(?:ssn|social\s+security)\b[^\d\n]{0,24}(?P<number>\d{3}\s?\d\d\s?\d{4})\b", re.IGNORECASE
)
A = "[AC-HJKMNP-RT-Y]"
MEDICARE = re.compile(rf"\b[1-9]{A}(?:{A}|\d)\d-{A}(?:{A}|\d)\d-{A}{A}\d\d\b")
NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d\d\s?\d\d\s?\d\d\s?[A-D]\b"
)
CURP = re.compile(r"\b[A-Z]{4}\d{6}[HMX][A-Z]{5}[\dA-Z]\d\b")
NHS = re.compile(r"(?<![\w.-])(\d{3})[\s-]?(\d{3})[\s-]?(\d{4})(?![\w-])")
NHS_NAMED = re.compile(r"\bnhs\b[^\d\n]{0,24}$", re.IGNORECASE)
DNI = re.compile(
    r"(?<![\w-])(?P<first>[XYZ][\s-]?)?(?P<rest>\d{7,8}|\d{1,2}\.\d{3}\.\d{3})[\s-]?(?P<letter>[A-Z])(?!\w)",
    re.IGNORECASE,
)
DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
CARD = re.compile(r"(?<![\w-])\d{4}([\s-]?)\d{4}\1\d{4}\1\d{4}(?![\w-])")
IBAN = re.compile(r"\b[A-Z]{2}\d\d(?:\s?[\dA-Z]{4}){3,7}(?:\s?[\dA-Z]{1,3})?\b")
# One of these is in each of them; most texts have a year, an age or a dose at most, and are done.
LONG_NUMBER = re.compile(r"\d[\dA-Z-]{4} | \d\s\d | \d\.\d{3} | (?-i:\d\s[\dA-Z]{4})", re.IGNORECASE | re.VERBOSE)


def find(text: str) -> Iterator[Part]:
    if not LONG_NUMBER.search(text):
        return
    for pattern in (STRONG, NAMED, SPACED_SOCIAL_SECURITY):
        yield from matches(pattern, text, "record", "number")
    for pattern in (SOCIAL_SECURITY, MEDICARE, NATIONAL_INSURANCE, CURP):
        yield from matches(pattern, text, "record")
    for pattern, is_right in ((NHS, _is_nhs), (DNI, _is_dni), (CARD, _is_card), (IBAN, _is_iban)):
        for match in pattern.finditer(text):
            if is_right(match):
                yield Part(match.start(), match.end(), "record")


def _is_nhs(match: re.Match[str]) -> bool:
    """Its last digit is right, and the words before say what it is: one phone number in eleven would fit too."""
    digits = [int(digit) for digit in match[1] + match[2] + match[3]]
    check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check % 11 == digits[9] and bool(NHS_NAMED.search(match.string[max(0, match.start() - 32) : match.start()]))


def _is_dni(match: re.Match[str]) -> bool:
    digits = match["rest"].replace(".", "")
    first = (match["first"] or "")[:1].upper()
    if len(digits) != (7 if first else 8):
        return False
    return DNI_LETTERS[int(str("XYZ".find(first)) + digits if first else digits) % 23] == match["letter"].upper()


def _is_card(match: re.Match[str]) -> bool:
    digits = [int(digit) for digit in match[0] if digit.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return any(digits) and sum(doubled) % 10 == 0


def _is_iban(match: re.Match[str]) -> bool:
    compact = re.sub(r"\s", "", match[0])
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1
