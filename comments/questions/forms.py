"""What staff fill in to make a question and answer of a reply."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from comments.questions.making import version_of
from ketablog.markup import one_line, plain_text
from posts.forms import QuestionTexts


class MakeQuestion(QuestionTexts):
    """Both texts to be put into other words, who answered, and that somebody looked for what tells who asked."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    tells_nothing = forms.BooleanField(
        label=_("I have read both texts: nothing in them tells who asked."),
        error_messages={
            "required": _("Please read both texts once more for names, places, dates and addresses, and tick this.")
        },
    )

    def __init__(self, data: QueryDict | None, *, comment: Comment, answer: Comment) -> None:
        person = getattr(answer.user, "person", None)
        initial = {
            "question": one_line(plain_text(comment.html)),
            "answer": answer.source,
            "answered_by": person.pk if person else None,
        }
        super().__init__(data, initial=initial)
        self.name = comment.name
        # On every showing the version of the texts now shown, whatever was sent.
        self.shown = version_of(comment, answer)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") != self.shown:
            raise forms.ValidationError(
                gettext(
                    "The reply or its answer was changed while you wrote. Nothing is saved yet and your texts stay. "
                    "Read both again below, then add it."
                )
            )
        return cleaned

    @property
    def names_the_reader(self) -> bool:
        """Whether the name that the reader gave stands in one of the texts as they are shown."""
        name = re.compile(rf"(?<!\w){re.escape(self.name)}(?!\w)", re.IGNORECASE)
        return any(name.search(str(self[field].value() or "")) for field in ("question", "answer"))
