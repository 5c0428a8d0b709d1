"""What staff fill in: articles, their references and reviews, images and leaflets."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ketablog.accounts import User
from ketablog.markup import one_line
from ketablog.uploads import clean_image, clean_pdf
from posts import addresses
from posts.editor import Editor
from posts.editorial import digest
from posts.models import Attachment, Image, Page, Person, Post, Question, Reference, Review

LONGEST_IMAGE = 2000
OLDEST_SOURCE = 1800
LAST = 30_000  # The place of a row that was given none.


class UnixLines(forms.CharField):
    """A text with the line ends it came with: browsers send others back, and a review signs the very text."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class KeepsAddress(forms.ModelForm):
    """An address that was emptied stays as it was, so that links to it live on."""

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or self.instance.slug


class PostForm(KeepsAddress):
    class Meta:
        model = Post
        exclude = ["body_html", "body_policy", "contents", "text_digest", "revised_at"]  # noqa: DJ006 (the admin's fieldsets name them)
        field_classes = {"body": UnixLines, "standfirst": UnixLines, "key_points": UnixLines}
        widgets = {
            "body": Editor,
            "standfirst": AdminTextareaWidget({"rows": 3}),
            "key_points": AdminTextareaWidget({"rows": 5}),
        }
        help_texts = {
            "title": gettext_lazy("What the article is about, in the words readers would use."),
            "cover": gettext_lazy("Stands above the text and in lists. Its description comes from the library."),
            "writer": gettext_lazy("Shown with credentials under the title."),
            "category": gettext_lazy("The one subject it belongs to."),
            "replies_open": gettext_lazy("Off: replies that are there stay, and nobody can add one."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("action_url") and not cleaned.get("action_label"):
            self.add_error("action_label", _("Write what stands on the button."))
        if cleaned.get("action_label") and cleaned.get("action_url") == "":
            self.add_error("action_url", _("Write where the button leads."))
        return cleaned

    def clean_action_url(self) -> str:
        url = self.cleaned_data["action_url"]
        if (url and not url.startswith(("/", "https://", "http://", "tel:", "mailto:"))) or url.startswith("//"):
            raise forms.ValidationError(_("Write it like /contact/, https://example.org or tel:+15550100."))
        return url


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ["title", "path", "body"]
        field_classes = {"body": UnixLines}
        widgets = {"body": Editor}

    def clean_path(self) -> str:
        path = self.cleaned_data["path"]
        if addresses.is_reserved(path):
            raise forms.ValidationError(
                _("Readers would never see a page at /%(path)s/: another part of the site answers there."),
                params={"path": path},
            )
        return path


class DoiField(forms.CharField):
    """A DOI, which people copy as an address."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        for start in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
            if text.lower().startswith(start):
                return text[len(start) :].strip()
        return text


class NumberedForm(forms.ModelForm):
    """A row of a list in an order of its own; one that is given no place comes last."""

    position = forms.IntegerField(
        label=gettext_lazy("Number"), required=False, min_value=1, max_value=LAST, help_text=gettext_lazy("Empty: last")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = None

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or LAST


class NumberedFormSet(forms.BaseInlineFormSet):
    def number(self) -> None:
        """Give the saved rows the numbers 1, 2, 3 … in their order."""
        rows: Any = getattr(self.instance, self.get_default_prefix())
        for number, row in enumerate(rows.all(), start=1):
            if row.position != number:
                row.position = number
                row.save(update_fields=["position"])


class ReferenceForm(NumberedForm):
    class Meta:
        model = Reference
        exclude = ["post"]  # noqa: DJ006 (the inline names them)
        field_classes = {"doi": DoiField}

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if not OLDEST_SOURCE <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError(_("%(year)s cannot be the year of a source."), params={"year": year})
        return year


class ReferenceFormSet(NumberedFormSet):
    def clean(self) -> None:
        """Refuse the same source twice."""
        super().clean()
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            kept = form.cleaned_data if form not in self.deleted_forms and hasattr(form, "cleaned_data") else {}
            for name in ("doi", "pmid"):
                key = (name, str(kept.get(name, "")).lower())
                if key in seen:
                    form.add_error(name, _("This source is in the list already."))
                if key[1]:
                    seen.add(key)


class QuestionTexts(forms.ModelForm):
    """A question as one line, and its answer."""

    class Meta:
        model = Question
        fields = ["question", "answer", "answered_by"]
        field_classes = {"answer": UnixLines}
        widgets = {"question": AdminTextareaWidget({"rows": 3}), "answer": AdminTextareaWidget({"rows": 7})}

    def clean_question(self) -> str:
        question = one_line(self.cleaned_data["question"])
        if not question:
            raise forms.ValidationError(_("Write the question."))
        return question


class QuestionForm(NumberedForm, QuestionTexts):
    confirmed = forms.BooleanField(
        required=False,
        label=gettext_lazy("Show it to readers again"),
        help_text=gettext_lazy(
            "Readers do not see this now: whoever asked it changed the question, or took it back. Read both texts. "
            "Where nothing in them is that reader's own, tick this and save. Otherwise write it anew, or delete it; "
            "what nobody confirms is deleted after a while."
        ),
    )

    class Meta(QuestionTexts.Meta):
        fields = ["position", *QuestionTexts.Meta.fields]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_shown:
            self.fields["confirmed"].widget = forms.HiddenInput()

    def save(self, commit: bool = True) -> Question:
        if self.cleaned_data["confirmed"]:
            self.instance.taken_off_at = None
        return super().save(commit)


class ReviewForm(forms.ModelForm):
    """A clinician signs the text that was on the page, which `digest` stands for."""

    digest = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Review
        fields = ["reviewed_on", "due_on", "note"]
        widgets = {"reviewed_on": AdminDateWidget, "due_on": AdminDateWidget}

    def __init__(self, *args: Any, post: Post, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        self.person: Person | None = getattr(user, "person", None)
        # On every showing the digest of the text now shown, whatever was sent.
        self.shown = digest(post)

    @property
    def obstacle(self) -> str:
        """Why this user cannot review this article; empty where nothing is in the way."""
        if self.person is None:
            return _("Your account is not linked to a person. Ask a site manager to link it under People.")
        if not self.person.credentials:
            return _("You are listed without credentials. Ask a site manager to add them under People.")
        if self.person == self.post.writer:
            return _("You wrote this article, so somebody else has to review it.")
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.obstacle:
            raise forms.ValidationError(self.obstacle)
        if cleaned.get("digest") != self.shown:
            raise forms.ValidationError(
                _(
                    "The text was changed while you read it. Nothing is signed yet and your note is kept: "
                    "read the text below again, then sign."
                )
            )
        return cleaned

    def clean_reviewed_on(self):
        day = self.cleaned_data["reviewed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day <= self.cleaned_data.get("reviewed_on", timezone.localdate()):
            raise forms.ValidationError(_("The next review comes after this one."))
        return day

    def save(self, commit: bool = True) -> Review:
        self.instance.post, self.instance.reviewer, self.instance.digest = self.post, self.person, self.shown
        return super().save(commit)


class ImageForm(forms.ModelForm):
    class Meta:
        model = Image
        fields = ["file", "alt", "caption", "credit"]

    def clean_file(self) -> File:
        image = clean_image(self.cleaned_data["file"], longest=LONGEST_IMAGE)
        self.instance.width, self.instance.height = image.width, image.height
        return image.file


class AttachmentForm(forms.ModelForm):
    class Meta:
        model = Attachment
        fields = ["title", "file"]

    def clean_file(self) -> File:
        leaflet = clean_pdf(self.cleaned_data["file"], title=self.cleaned_data.get("title", ""))
        self.instance.size, self.instance.pages = leaflet.file.size, leaflet.pages
        return leaflet.file
