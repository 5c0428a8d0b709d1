"""Parts of addresses. What does not look like one is answered with 404 before a view is called."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class UnicodeSlugConverter(StringConverter):
    """A slug in the letters of any language."""

    regex = r"[-\w]+"


class PagePathConverter(StringConverter):
    """The address of a page that is no article, such as about/team."""

    regex = r"[-\w]+(?:/[-\w]+)*"


register_converter(UnicodeSlugConverter, "uslug")
register_converter(PagePathConverter, "upath")
