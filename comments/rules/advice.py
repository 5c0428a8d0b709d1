"""Doses, vendors, use at home, and “should I stop my …”: what a clinician answers in private, not under an article.

What the article itself says, what stands in a quotation, and what a study found is talk about medicine, and free.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from comments.rules.submission import Reason, Submission

LONGEST_FRAGMENT = 80
_SAME_I = str.maketrans({"ı": "i", "\u0307": None})  # The second is left of a capital i with a dot.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_QUOTED = re.compile(r"^\s{0,3}>.*$|“[^”\n]{1,400}”|«[^»\n]{1,400}»|\"[^\"\n]{1,400}\"", re.MULTILINE)
_DOSE = re.compile(
    r"(?<![\w.,])(\d{1,5}(?:[.,]\d{1,3})?)\s?(mg|mcg|µg|μg|ug|milligrams?|miligramos?)(\s?/\s?kg)?\b", re.IGNORECASE
)
_STUDY = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|participants?|patients\s+(?:were|received|got|who)|placebo|randomi[sz]ed|et\s+al|cohort"
    r"|researchers?|authors?|article|paper|meta-analysis|average|mean|median|standard|typical|usual|most\s+people|percent"
    r"|ensayos?|estudios?|participantes|los\s+pacientes|recibieron|aleatori\w+|investigador\w*|art[ií]culo"
    r"|metaan[aá]lisis|promedio|mediana|habitual|la\s+mayor[ií]a)\b",
    re.IGNORECASE,
)
_DRUG = (
    r"(?:es)?ketamin[ea]?|ketamina|spravato|special\s+k|troches?|lozenges?|nasal\s+spray|infusions?|meds?|medications?"
    r"|medicines?|medicaci[oó]n|medicamentos?|pastillas?|pills?|antidepress\w+|antidepresiv\w+|ssris?|lithium|litio"
    r"|benzos?|sertralin[ea]|zoloft|prozac|fluoxetin[ea]|lexapro|escitalopram|venlafaxin[ea]|effexor|lamotrigin[ea]"
    r"|xanax|alprazolam|klonopin|clonazepam|opioids?|tramadol|oxycodone|gabapentin[ea]?|bupropion|wellbutrin|dos(?:e|is)"
)
_MG = r"\d[\d.,]{0,6} \s? mg"
_KETAMINE = r"(?:es)?ketamin[ea]?|spravato|special\s+k|troches?|lozenges?|nasal\s+spray"


class _Phrase(NamedTuple):
    """What is looked for, and its signs: a text in which it stands has one of them."""

    signs: tuple[str, ...]
    pattern: re.Pattern[str]

    def stands_in(self, text: str, folded: str) -> bool:
        return any(sign in folded for sign in self.signs) and self.pattern.search(text) is not None


def _phrases(*phrases: tuple[str, str]) -> tuple[_Phrase, ...]:
    """Of signs, with spaces between, and the phrase that has them."""
    return tuple(
        _Phrase(tuple(signs.split()), re.compile(phrase, re.IGNORECASE | re.VERBOSE)) for signs, phrase in phrases
    )


# Each is looked for within one sentence.
_MAY_I = r"\b(?: should | can | could | may | must | shall ) \s+ (?: i | we ) \s+ (?: \w+ \s+ ){0,3}?"
_ASKS = _phrases(
    (
        "should can could may must shall",
        rf"""{_MAY_I} (?: stop | quit | skip | taper | reduce | lower | increase | raise | double | halve | combine
      | mix | restart | come\s+off | go\s+off | wean ) \b [^.?!\n]{{0,60}}? \b (?: {_DRUG} | my | it | {_MG} ) \b""",
    ),
    (
        "should can could may must shall",
        rf"""{_MAY_I} (?: take | use | try | start | switch | have ) \b [^.?!\n]{{0,60}}? \b (?: {_DRUG} | {_MG} )
      \b""",
    ),
    ("should can could may must shall", rf"""{_MAY_I} take \s+ (?: it | this | these | them ) \b"""),
    (
        "is",
        rf"""\b is \s+ it \s+ (?: ok | okay | safe | fine | dangerous | bad | all\s?right ) \s+ (?: for \s+ me \s+ )?
      (?: to | if \s+ i ) \s+ (?: \w+ \s+ ){{0,2}}? (?: stop | quit | skip | taper | reduce | combine | mix | take | use
      | double | drink | increase | drive ) \b [^.?!\n]{{0,60}}? \b (?: {_DRUG} | my | it ) \b""",
    ),
    (
        "how",
        r"""\b how \s+ (?: much | many | fast | quickly | slowly | long | often | do | can | should ) \b [^.?!\n]{0,30}?
      \b (?: should | do | can | could ) \s+ i \s+ (?: take | use | stop | taper | reduce | come \s+ off | wean | dose
      | inject | need \s+ to \s+ take ) \b""",
    ),
    (
        "taper dosing withdrawal",
        r"""\b (?: taper(?:ing)? | dosing | withdrawal ) \s+ (?: plan | schedule | protocol ) \b [^.?!\n]{0,30}
      \b (?: for \s+ me | my | i \b )""",
    ),
    (
        "dose dosage",
        r"""\b (?: what | which ) \s+ (?: dose | dosage ) \s+ (?: should | do | can | would ) \s+
      (?: i | you | we ) \b""",
    ),
    (
        "debo deber puedo podr tengo seguro peligroso",
        rf"""\b (?: debo | deber[ií]a | puedo | podr[ií]a | tengo \s+ que | es \s+ seguro | es \s+ peligroso ) \s+
      (?: \w+ \s+ ){{0,2}}? (?: dejar | parar | suspender | reducir | bajar | subir | aumentar | combinar | mezclar
      | tomar | tomarme | usar | empezar | cambiar | doblar | saltarme ) \b [^.?!\n]{{0,60}}?
      \b (?: {_DRUG} | mi | mis | la | el | los | las | {_MG} ) \b""",
    ),
    (
        "cuánt cuant",
        r"""\b cu[aá]nt[oa]s? \b [^.?!\n]{0,30}? \b (?: debo | puedo | tengo \s+ que | deber[ií]a ) \s+ tomar""",
    ),
)
_SELLS = _phrases(
    (
        "where",
        rf"""\b where \s+ (?: \w+ \s+ ){{0,3}}? (?: buy | get | order | find | purchase | score ) \b [^.?!\n]{{0,40}}?
      \b (?: {_DRUG} | some | it \s+ online ) \b""",
    ),
    (
        "buy bought order purchase sell sold ship",
        rf"""\b (?: buy | bought | order(?:ed)? | purchase[sd]? | sell(?:s|ing)? | sold | ship(?:s|ped)? ) \s+
      (?: \w+ \s+ ){{0,3}}? (?: {_DRUG} ) \b [^.?!\n]{{0,40}} \b (?: online | street | internet | web | vendor | me
      )""",
    ),
    (
        "vendor dealer plug supplier dark telegram",
        rf"""\b (?: vendors? | dealers? | plug | supplier | dark \s? (?:net|web) | telegram ) \b [^.?!\n]{{0,60}}?
      \b (?: {_DRUG} )\b""",
    ),
    (
        "vendor dealer dark prescription receta",
        rf"""\b (?: {_DRUG} ) \b [^.?!\n]{{0,60}}? \b (?: vendors? | dealers? | dark \s? (?:net|web)
      | without \s+ (?: a \s+ )? prescription | no \s+ prescription | sin \s+ receta ) \b""",
    ),
    (
        "dónde donde",
        rf"""\b d[oó]nde \s+ (?: \w+ \s+ ){{0,3}}? (?: comprar | conseguir | encontrar | pedir | compro | consigo ) \b
      [^.?!\n]{{0,40}}? \b (?: {_DRUG} )""",
    ),
    (
        "compr vendo venden",
        rf"""\b (?: comprar | compr[eé] | compro | vendo | venden ) \s+ (?: \w+ \s+ ){{0,3}}? (?: {_DRUG} ) \b
      [^.?!\n]{{0,40}} \b (?: internet | l[ií]nea | online | calle | sin \s+ receta )""",
    ),
)
_ALONE = _phrases(
    (
        "home myself own alone",
        rf"""\b (?: us(?:e|ed|ing) | tak(?:e|en|ing) | took | do | doing | did | try | tried | inject(?:ed|ing)?
      | snort(?:ed|ing)? | dos(?:e|ed|ing) ) \s+ (?: \w+ \s+ ){{0,3}}? (?: {_KETAMINE} | it ) \b
      (?: (?! clinic | hospital | infusion | after | then | slept | rest )[^.?!\n] ){{0,40}}?
      \b (?: at \s+ home | by \s+ myself | on \s+ my \s+ own | alone ) \b""",
    ),
    ("home self- diy", rf"""\b (?: at-home | self- | diy | home (?: \s+ use \s+ of )? ) \s? (?: {_KETAMINE} ) \b"""),
    ("self", r"""\b self[\s-]? (?: administer\w* | inject\w* | medicat\w* | treat\w* ) \b"""),
    (
        "casa cuenta yo",
        rf"""\b (?: us(?:o|ar|[eé]|ando) | tom(?:o|ar|[eé]|ando) | inyect\w+ ) \s+ (?: \w+ \s+ ){{0,3}}?
      (?: {_KETAMINE} ) \b [^.?!\n]{{0,40}}? \b (?: en \s+ casa | por \s+ mi \s+ cuenta | yo \s+ sol[oa] ) \b""",
    ),
)


def fold(text: str) -> str:
    """The text with each letter as a pattern that knows no case takes it."""
    return text.casefold().translate(_SAME_I)


def seek(text: str, article: str = "") -> str:
    """The words by which a text asks for, or gives, what needs a clinician in private; empty where it does not."""
    own = _QUOTED.sub(" ", text)
    # What no sentence says, the whole does not say either; most texts are done with that.
    folded = fold(own)
    asking = [phrase.pattern for phrase in (*_ASKS, *_SELLS) if phrase.stands_in(own, folded)]
    alone = [phrase.pattern for phrase in _ALONE if phrase.stands_in(own, folded)]
    for sentence in _SENTENCE_END.split(own) if asking or alone else ():
        for pattern in asking:
            if match := pattern.search(sentence):
                return match[0][:LONGEST_FRAGMENT]
        if _STUDY.search(sentence):
            continue
        for pattern in alone:
            if match := pattern.search(sentence):
                return match[0][:LONGEST_FRAGMENT]
    return _dose_of_its_own(own, article)


def asked(submission: Submission) -> Iterator[Reason]:
    """The reply asks for advice, or gives a dose of its own."""
    if words := seek(submission.source, _article_of(submission)):
        yield Reason("advice", points=0, fragment=words)


def _article_of(submission: Submission) -> str:
    # Read only where a dose might be quoted from it: the own page does not load it.
    return submission.post.body if submission.post is not None and _DOSE.search(submission.source) else ""


def _dose_of_its_own(text: str, article: str) -> str:
    public = {_plain(match) for match in _DOSE.finditer(article)}
    for sentence in _SENTENCE_END.split(text):
        for match in _DOSE.finditer(sentence):
            if _plain(match) not in public and not _STUDY.search(sentence):
                return match[0]
    return ""


def _plain(dose: re.Match[str]) -> tuple[str, str, bool]:
    return dose[1].replace(",", "."), dose[2].casefold()[:2], bool(dose[3])
