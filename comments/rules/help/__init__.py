"""Whether a text may be a cry for help: a reviewed list of phrases, read with care and errors on the side of care.

The phrases are data (`phrases/*.toml`), for clinicians to read and change; `docs/moderation.md` says how. No text
leaves the machine.
"""

from comments.models import Comment
from comments.rules.help.matching import Signal, find
from comments.rules.help.quoting import without_quotes
from comments.rules.submission import Reason

__all__ = ["Signal", "examine", "examine_reply", "highest", "rank", "reasons"]


def examine(text: str, article: str = "") -> list[Signal]:
    """What in the text may be a cry for help, the most urgent first; what it quotes from the article is left out."""
    return find(without_quotes(text, article))


def reasons(signals: list[Signal]) -> list[Reason]:
    """Why a reply is held in which these were found; none where nothing was."""
    if not signals:
        return []
    found = " … ".join(dict.fromkeys(signal.fragment for signal in signals))[:200]
    return [Reason("help", 0, found, signals[0].version, outcome="hold")]


def examine_reply(comment: Comment) -> list[Signal]:
    """What in a reply's name and text may be a cry for help; what it quotes from its article is left out."""
    return examine(f"{comment.name}\n{comment.source}", comment.post.body)


def highest(signals: list[Signal]) -> Comment.HelpRank:
    """How much what was found sounds like a cry for help."""
    return Comment.HelpRank(signals[0].rank) if signals else Comment.HelpRank.NONE


def rank(text: str, article: str = "") -> Comment.HelpRank:
    """How much the text sounds like a cry for help."""
    return highest(examine(text, article))
