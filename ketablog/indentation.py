"""Pages without the layout of their templates, which is for those who edit them and 3 % of what readers load."""

import re

from django.template import Origin
from django.template.loaders import filesystem

GAP = re.compile(r"\s*\n\s*")
SHOWS_NOTHING = r"load|extends|(?:end)?if|elif|else|(?:end)?for|empty|(?:end)?with"
TAG_ALONE = re.compile(rf"^(\{{% (?:{SHOWS_NOTHING})\b(?:(?!%\}}).)*%\}}|\{{#(?:(?!#\}}).)*#\}})\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """Our own templates, but for those of mails: white space around a line break is the line break alone; a line of
    nothing but a tag that shows nothing leaves none, nor does the end of the file."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        return _without_layout(source) if str(origin.name).endswith(".html") else source


def _without_layout(source: str) -> str:
    return TAG_ALONE.sub(r"\1", GAP.sub("\n", source)).rstrip("\n")
