"""Whether a text may be a cry for help. It looks at plain words only and errs on the side of care."""

import re

from comments.models import Comment

URGENT = re.compile(
    r"""
      \b (?: want | going | plan(?:ning)? | ready | about | decided ) \s+ to \s+
        (?: die | kill \s+ my\s*self | end \s+ (?: it\s+all | my\s+life ) ) \b
    | \b(?: wanna | gonna ) \s+ (?: die | kill\s+my\s*self | end\s+it\s+all )\b
    | \b(?: kill(?:ing)? | hang(?:ing)? | shoot(?:ing)? ) \s+ my\s*self \b
    | \b end(?:ing)? \s+ (?: my \s+ (?:own\s+)? life | it \s+ all ) \b
    | \b tak(?:e|ing) \s+ my \s+ own \s+ life \b
    | \b (?: wish | better\s+off ) \s+ (?: i \s+ (?: was | were ) \s+ )? dead \b
    | \b don['’]?t \s+ want \s+ to \s+ (?: live | be\s+alive | wake\s+up ) \b
    | \b (?: no | any ) \s+ reason \s+ to \s+ (?: live | go\s+on ) \b
    | \b can(?:no|['’])?t \s+ go \s+ on \b
    | \b goodbye \s+ (?: everyone | everybody | forever ) \b
    | \b quiero \s+ morir(?:me)? \b
    | \b (?: matarme | suicidarme | quitarme \s+ la \s+ vida | acabar \s+ con \s+ mi \s+ vida ) \b
    | \b no \s+ quiero \s+ (?: seguir \s+ )? (?: vivir | viviendo ) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
WATCH = re.compile(r"\b(?:suicid\w*|hopeless|give\s+up\s+on\s+life|sin\s+esperanza|self[\s-]?harm\w*)", re.IGNORECASE)


def rank(text: str) -> Comment.HelpRank:
    """How much the text sounds like a cry for help."""
    if URGENT.search(text):
        return Comment.HelpRank.URGENT
    return Comment.HelpRank.WATCH if WATCH.search(text) else Comment.HelpRank.NONE
