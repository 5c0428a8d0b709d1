"""Pages without the indentation of their templates, which is for those who edit them and 2 % of what readers load."""

import re

from django.template import Origin
from django.template.loaders import filesystem

GAP = re.compile(r"\s*\n\s*")


class Loader(filesystem.Loader):
    """Our own templates, but for those of mails: white space around a line break is the line break alone."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        return GAP.sub("\n", source) if str(origin.name).endswith(".html") else source
