"""The words alone: of safe HTML, of a name, and how many they are."""

import html
import re
import unicodedata

import nh3

BLOCK_END = re.compile(r"</(?:p|h\d|li|blockquote|pre|t[dhr]|figcaption|caption)>|<br>")
VIDEO_NOTE = re.compile(r'<span class="video-note">.*?</span>')


def plain_text(safe_html: str) -> str:
    """The words of safe HTML, a line for each block; not what the site itself says about a video."""
    text = html.unescape(nh3.clean(BLOCK_END.sub("\n", VIDEO_NOTE.sub("", safe_html)), tags=set()))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


# Joiners that Persian, Indic scripts and emoji need; every other invisible character goes.
KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}


def one_line(text: str) -> str:
    """A name or title as one line of visible characters, composed as Unicode's form C."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # Nearly all, at a tenth of the price.
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace()
        or character in KEPT_FORMAT_CHARACTERS
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join(visible.split())


def browser_length(text: str) -> int:
    """The length as a browser counts it: UTF-16 units, a line break as one."""
    return len(text.replace("\r\n", "\n").encode("utf-16-le", "surrogatepass")) // 2
