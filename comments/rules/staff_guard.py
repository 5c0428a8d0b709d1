"""Whether staff, in a reply, confirm that its reader is a patient: even who said so first must not be confirmed."""

import re
from collections.abc import Iterator

from comments.rules.personal_data.part import Part, apart

# “Your” beside what only a patient has with a clinic; general advice speaks of “your doctor” and “your insurance”.
_HAD = (
    r"infusions?|appointments?|visits?|charts?|records?|files?|labs?|lab\s+results?|test\s+results?"
    r"|blood\s+(?:work|tests?)"
    r"|prescriptions?|referral|intake|follow-?up|treatment\s+plan|care\s+team|diagnosis|dosage|dose|sessions?|procedure"
    r"|consultation|consult|case|screening|stay|discharge|refill"
)
_CONFIRMING = tuple(
    re.compile(phrase, re.IGNORECASE | re.VERBOSE)
    for phrase in (
        rf"""\b your \s+ (?: (?: last | next | first | second | third | previous | recent | upcoming | latest | current
          | past | future | scheduled | ketamine | esketamine | spravato | iv | medical | patient | monthly | booster
          | initial | final | most\s+recent | \d{{1,2}}(?:st|nd|rd|th) ) \s+ ){{0,3}} (?: {_HAD} ) \b""",
        r"""\b (?: when | since | after | before | as | last \s+ time | the \s+ day ) \s+ (?: we | i ) \s+ (?: last
          \s+ )?
          (?: saw | met | treated | examined | spoke \s+ with | talked \s+ to | discussed \s+ with ) \s+ (?: you |
          your ) \b""",
        r"""\b as \s+ your \s+ (?: own \s+ )? (?: doctor | physician | nurse | therapist | psychiatrist |
          anesthesiologist
          | clinician | provider | care \s+ team | clinic ) \b""",
        r"""\b (?: you | you['’]ve | you \s+ have ) \s+ (?: are | were | been | have \s+ been ) \s+ (?: (?: a | our
          | my | one
          \s+ of \s+ our | such \s+ a ) \s+ (?: \w+ \s+ ){0,2}? patients? | seen \s+ (?: here | by \s+ us ) |
          treated \s+
          (?: here | by \s+ us | at \s+ our ) | in \s+ our \s+ care ) \b""",
        r"""\b you['’]re \s+ (?: (?: a | our | my | one \s+ of \s+ our ) \s+ (?: \w+ \s+ ){0,2}? patients? | in \s+ our
          \s+ care ) \b""",
        r"""\b (?: we | i ) \s+ (?: have \s+ )? (?: saw | treated | examined | prescribed | gave | diagnosed |
          infused ) \s+
          (?: you | your ) \b""",
        r"""\b (?: thank \s+ you | thanks ) \s+ for \s+ (?: being \s+ (?: a | our ) \s+ patient | coming \s+ (?: in
          | to \s+
          (?: us | our ) ) | choosing \s+ (?: us | our ) | trusting \s+ us \s+ with \s+ your | your \s+ visit ) \b""",
        r"""\b (?: your \s+ time | your \s+ experience | your \s+ treatments? ) \s+ (?: with \s+ us | here | at \s+
          our ) \b""",
        r"""\b our \s+ patient \s* , | \b (?: good | great | nice | lovely | glad ) \s+ (?: to \s+ (?: see | have
          \s+ seen )
          | seeing ) \s+ you \s+ (?: at | in | here | again | last ) \b""",
        r"""\b (?: according \s+ to | looking \s+ at | i \s+ (?: checked | looked \s+ at ) | we \s+ (?: checked |
          looked \s+
          at ) ) \s+ your \b""",
        # Spanish
        r"""\b (?: su | tu | sus | tus ) \s+ (?: (?: [uú]ltim[oa]s? | pr[oó]xim[oa]s? | primer[oa]? | anterior(?:es)?
          | reciente ) \s+ )? (?: infusi[oó]n | infusiones | citas? | consultas? | historia(?:l)? (?: \s+
          cl[ií]nic[oa] )?
          | expediente | ficha | recetas? | an[aá]lisis | resultados | sesi[oó]n | sesiones | visitas? | ingreso
          | diagn[oó]stico | plan \s+ de \s+ tratamiento | dosis ) \b""",
        r"""\b (?: cuando | desde \s+ que | despu[eé]s \s+ de \s+ que | la \s+ [uú]ltima \s+ vez \s+ que ) \s+
          (?: (?: le | lo | la | te | os ) \s+ )? (?: vimos | atendimos | tratamos | nos \s+ (?: vimos | visit[oó]
          | visitaste ) | vi | atend[ií] ) \b""",
        r"""\b como \s+ (?: su | tu ) \s+ (?: m[eé]dic[oa] | doctora? | enfermer[oa] | terapeuta | psiquiatra
          | anestesi[oó]log[oa] ) \b""",
        r"""\b (?: es | eres | fue | fuiste | usted \s+ es | siendo ) \s+ (?: un[oa]? \s+ (?: de \s+ )? )?
          (?: nuestr[oa]s? | mi ) \s+ paciente \b | \b como \s+ paciente \s+ nuestr[oa] \b""",
        r"""\b (?: le | te | lo | la ) \s+ (?: recetamos | recet[eé] | tratamos | atendimos | pusimos |
          diagnosticamos ) \b""",
        r"""\b gracias \s+ por \s+ (?: venir | su \s+ visita | tu \s+ visita | confiar \s+ en \s+ nosotros | ser \s+
          (?: nuestr[oa] \s+ )? paciente ) \b""",
    )
)


def find(text: str) -> list[Part]:
    """The words by which a reply confirms that its reader is a patient of the clinic."""
    return list(apart(Part(*match.span(), "patient") for match in _confirming(text)))


def _confirming(text: str) -> Iterator[re.Match[str]]:
    for pattern in _CONFIRMING:
        yield from pattern.finditer(text)
