"""Callouts: a block quote that its writer marked is a note beside the text, under a word that says which."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from ketablog.markup.tokens import Token, attribute, closes, end, opens, start, text

# The class of the block quote in the source, and the word that readers see.
CALLOUTS = {"note": _("Note"), "tip": _("Good to know"), "warning": _("Warning")}


def with_callouts(source: Iterable[Token]) -> Iterator[Token]:
    """Each marked block quote as a box with its word; the others stay quotes, without a class."""
    open_quotes: list[bool] = []
    for token in source:
        if opens(token, "blockquote"):
            kind = attribute(token, "class")
            open_quotes.append(kind in CALLOUTS)
            if open_quotes[-1]:
                yield start("div", class_=f"callout callout-{kind}", role="note")
                yield from (start("p", class_="callout-label"), start("strong"))
                yield text(str(CALLOUTS[kind]))
                yield from (end("strong"), end("p"))
            else:
                yield start("blockquote")
        elif closes(token, "blockquote") and open_quotes.pop():
            yield end("div")
        else:
            yield token
