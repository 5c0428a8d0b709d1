"""Parts of addresses. What does not look like one is answered with 404 before a view is called."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class UnicodeSlugConverter(StringConverter):
    """A slug in the letters of any language."""

    regex = r"[-\w]+"


class PagePathConverter(StringConverter):
    """The address of a page that is no article, such as about/team."""

    regex = r"[-\w]+(?:/[-\w]+)*"


class YearConverter(IntConverter):
    """A year of four digits, such as 2026."""

    regex = r"[12][0-9]{3}"


class MonthConverter(IntConverter):
    """A month of two digits, such as 07."""

    regex = r"0[1-9]|1[0-2]"

    def to_url(self, value: int | str) -> str:
        return f"{int(value):02}"


register_converter(UnicodeSlugConverter, "uslug")
register_converter(PagePathConverter, "upath")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")
