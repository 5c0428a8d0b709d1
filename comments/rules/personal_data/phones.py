"""Phone numbers, in the forms of many countries.

Digits that look like one are everywhere in medicine: doses, years, trials, articles. So a run of digits counts only in
the shape of a phone number, or where the words before it speak of one.
"""

import re
from collections.abc import Iterator

from comments.known import Known
from comments.rules.personal_data.part import Part

RUN = re.compile(r"(?<![\w.,/%$€£-])(?:\+\s?)?\(?\d(?:[\s().\-–/]{0,3}\d){6,16}(?![\w%])(?![.,]\d)")
CALLS = re.compile(
    r"""(?: \b(?: call | phone | tel | text | txt | sms | whats\s?app | cell | mobile | fax | ring | reach | signal
      | dial | my\s+number | llam\w{1,6} | tel[eé]fono | tel[eé]f | m[oó]vil | celular | n[uú]mero\s+es | mi\s+n[uú]mero
      | escr[ií]b\w{1,6} | wasap )\b | ☎ | 📞 | 📱 ) [^\d\n]{0,24} $""",
    re.IGNORECASE | re.VERBOSE,
)
# What stands before or behind other numbers of that length.
NAMES_ANOTHER = re.compile(
    r"(?:\b(?:pmid|pmcid|pmc|doi|isbn|issn|isrctn|eudract|nct|orcid|trial|grant|ensayo|p|n|version)\b)[\s:.#=no°º]{0,6}$",
    re.IGNORECASE,
)
IS_MEASURE = re.compile(
    r"\s?(?:mg|mcg|µg|μg|ug|ml|kg|g|iu|mmhg|usd|eur|euros?|dollars?|d[oó]lares|pesos|people|personas|pacientes|patients"
    r"|habitantes|adults|participants|times|million\w{0,3}|millones|hours|days|[$€£%])(?!\w)",
    re.IGNORECASE,
)
SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"\+\s?\d[\d\s().\-–/]{6,22}",  # international: +34 612 345 678
        r"00[\s.-]?[1-9][\d\s().\-–/]{8,20}",
        r"(?:1[\s.-]?)?(?:\([2-9]\d\d\)\s?|[2-9]\d\d[\s.\-–])\d{3}[\s.\-–]\d{4}",  # North America: (555) 123-4567
        r"1?[2-9]\d\d[2-9]\d{6}",
        r"\(?0\d{1,4}\)?[\s.\-–/]\d[\d\s.\-–/]{4,12}",  # Europe, Australia: 020 7946 0018, 06 12 34 56 78
        r"0[1-9]\d{8,9}",
        r"[6-9]\d\d[\s–-]\d{3}[\s–-]\d{3}",  # Spain: 612 345 678
        r"[6-9]\d\d(?:[\s.-]\d\d){3}",
        r"[6-9]\d{8}",
        r"[1-9]\d[\s-]\d{4}[\s-]\d{4}",  # Mexico, Argentina: 55 1234 5678
        r"\(\d{2,4}\)\s?\d{3,5}[\s.-]?\d{3,4}",  # Brazil: (11) 91234-5678
        r"[6-9]\d{4}[\s-]\d{5}",  # India: 98765 43210
    )
)
# Free to call: help lines, firms, and no person's own.
IS_FREE = re.compile(
    r"(?:00?1|1)?8(?:00|33|44|55|66|77|88)\d{7}|(?:0034|34)?(?:900|717003)\d{3,6}|0800\d{3,7}|0808\d{7}"
)
YEARS = re.compile(r"(?:(?:19|20)\d\d[\s–/-]{0,3}){2,4}")
DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2}")
IN_LINK = re.compile(r"(?:wa\.me/|tel:|sms:|whatsapp\.com/send\?phone=)\+?\d{7,15}", re.IGNORECASE)
BEFORE = 40


def find(text: str, known: Known, whole: str) -> Iterator[Part]:
    """Phone numbers in `text`, which is `whole` without its links; numbers that may be public are none."""
    for match in IN_LINK.finditer(whole):
        if not _is_public(match[0], known):
            yield Part(match.start(), match.end(), "phone")
    for match in RUN.finditer(text):
        if _is_phone(
            match[0], text[max(0, match.start() - BEFORE) : match.start()], text[match.end() : match.end() + 14], known
        ):
            yield Part(match.start(), match.end(), "phone")


def _is_phone(run: str, before: str, behind: str, known: Known) -> bool:
    if YEARS.fullmatch(run) or DATE.fullmatch(run) or NAMES_ANOTHER.search(before) or _is_public(run, known):
        return False
    if CALLS.search(before):
        return True
    if IS_MEASURE.match(behind) or re.search(r"[\s.]000$", run):
        return False
    return any(shape.fullmatch(run) for shape in SHAPES)


def _is_public(run: str, known: Known) -> bool:
    digits = re.sub(r"\D", "", run)
    # With or without the country's number, as in +1 555 123 4567.
    return bool(IS_FREE.fullmatch(digits)) or any(
        digits == phone or (len(phone) >= 7 and digits.endswith(phone)) or (len(digits) >= 7 and phone.endswith(digits))
        for phone in known.phones
    )
