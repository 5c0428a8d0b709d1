"""The word processor in which staff write, as a widget.

It is Tiptap as django-prose-editor bundles it, set up by `static/js/admin-editor.js`. The bundle is loaded by the
address in the widget, so that the pages need no import map and no exception from the content security policy.
"""

from typing import Any

from django.forms import Media, Script, Textarea
from django.templatetags.static import static


class Editor(Textarea):
    """A text area that holds HTML; without scripts, staff see that HTML."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 20, **(attrs or {})})

    @property
    def media(self) -> Media:
        return Media(
            css={"all": ["django_prose_editor/editor.css", "css/admin-editor.css"]},
            js=[Script(f"js/{name}.js", type="module") for name in ("admin-editor", "admin-images")],  # type: ignore[misc]
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-editor"] = static("django_prose_editor/editor.js")
        return context
