"""What a text copied from a blog page carries and nobody wrote: share buttons, the reply form, page links.

A block is furniture only if the whole of it is: a sentence that mentions a reply stays. And where a rule
would take the article itself away, because "Leave a comment" can also stand below a title, it takes one
line only.
"""

import re

from posts.importers.elements import Element

_NETWORK = (
    r"facebook|twitter|x|linkedin|pinterest|whatsapp|telegram|reddit|tumblr|pocket|skype|bluesky|mastodon|threads"
    r"|e-?mail|print|copy link|tweet|more"
)


def _whole(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# Everything from here on belongs to the replies.
END = _whole(
    r"(?:leave|add|post|write) a (?:reply|comment|response)(?: to .{1,200})?(?: cancel reply)?",
    r"your e-?mail(?: address)? will not be published\b.*",
    r"(?:\d+|one|no) (?:thoughts?|comments?|responses?|reply|replies) (?:on|to) [“‘\"'«].+",
    r"(?:\d+|no) comments?",
    r"comments (?:\(\d+\)|are closed\.?)",
)
# Everything from here on is furniture, unless prose follows.
TAIL = _whole(
    r"related(?: posts| articles| stories)?:?",
    r"you (?:may|might) (?:also )?(?:like|enjoy|be interested in)[:.…]*",
    r"(?:more|recent|recommended) (?:posts|articles|stories)\b.{0,60}(?<![.!?])",
    r"post navigation",
    r"(?:[←«‹]\s*)?(?:previous|next|older|newer) (?:post|article|story|entry|entries)s?\b(?:\s*[:→»›].*)?",
    r"[←«‹][^»›]{1,200}|[^«‹]{1,200}[→»›]",
    r"(?:posted (?:in|on|by)|filed under)\b.{1,200}(?<![.!?])",
    r"(?:tags?|tagged|category|categories)\s*:.{0,200}",
    r"back to top",
)
# Lines of their own, wherever they stand.
SHARE = _whole(
    r"share(?: this)?(?: post| article| page| story)?:?",
    rf"(?:click to )?share (?:this )?(?:on|via|to) (?:{_NETWORK})(?: \(opens in new window\))?",
    rf"click to (?:{_NETWORK}|e-?mail)\b.{{0,60}}",
    r"like this:?|(?:like )?loading(?:\.{3}|…)",
)
BUTTON = _whole(_NETWORK)  # Furniture only below a share line.
HEAD = _whole(  # Furniture only above the first prose.
    r"posted (?:in|on|by)\b.{1,200}(?<![.!?])",
    r"\d+ min(?:ute)?s?(?: of)? read(?:ing)?",
    r"skip to (?:main )?content",
)

_SENTENCE_END = re.compile(r"[.!][\"'”’»)\]]*$")
_PROSE_LENGTH = 120


def without_furniture(title: str, blocks: list[Element]) -> list[Element]:
    """The blocks that belong to the article with this title."""
    return _cut(_without_head(title, _without_share_lines(blocks)))


def _without_share_lines(blocks: list[Element]) -> list[Element]:
    kept: list[Element] = []
    in_share_bar = False
    for block in blocks:
        in_share_bar = _is(SHARE, block) or (in_share_bar and _is(BUTTON, block))
        if not in_share_bar:
            kept.append(block)
    return kept


def _without_head(title: str, blocks: list[Element]) -> list[Element]:
    start = next((index for index, block in enumerate(blocks) if _is_prose(block)), len(blocks))
    head = [block for block in blocks[:start] if _letters(block.text) != _letters(title) and not _is(HEAD, block)]
    return head + blocks[start:]


def _cut(blocks: list[Element]) -> list[Element]:
    """The blocks above the first one that ends the article."""
    prose = [index for index, block in enumerate(blocks) if _is_prose(block)]
    first, last = (prose[0], prose[-1]) if prose else (len(blocks), -1)
    kept: list[Element] = []
    for index, block in enumerate(blocks):
        if _is(END, block):
            if first < index or last < index:
                break
        elif _is(TAIL, block) and last < index:
            break
        else:
            kept.append(block)
    return kept


def _is(furniture: re.Pattern[str], block: Element) -> bool:
    """Whether the block, or every item of a list, is this kind of furniture."""
    if block.tag in ("ul", "ol"):
        return all(furniture.fullmatch(item.text) for item in block.children if isinstance(item, Element))
    return (block.tag == "p" or block.is_heading) and furniture.fullmatch(block.text) is not None


def _is_prose(block: Element) -> bool:
    if block.tag not in ("p", "blockquote") or any(_is(kind, block) for kind in (END, TAIL, SHARE, HEAD)):
        return False
    text = block.text
    return len(text) >= _PROSE_LENGTH or _SENTENCE_END.search(text) is not None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold())) or text
