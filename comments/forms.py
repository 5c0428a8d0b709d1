"""The form a reader fills in: Leave a Reply."""

from __future__ import annotations

import unicodedata

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from comments.models import Comment
from ketablog.accounts import User
from ketablog.markup import COMMENT_LIMIT, browser_length, one_line
from ketablog.secrets import form_token, new_writer, read_writer_key
from ketablog.site import SiteSettings
from posts.models import Post

TEMPLATES = {"name": "comments/_name.html", "notify": "comments/_notify.html"}
LONGEST_NAME = 1000  # What is composed before its length is judged.


class LengthAsShown:
    """A limit in characters as a browser counts them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, value: str) -> None:
        over = browser_length(value) - self.limit
        if over > 0:
            raise ValidationError(
                ngettext_lazy(
                    "This is %(over)d character too long; up to %(limit)d fit.",
                    "This is %(over)d characters too long; up to %(limit)d fit.",
                    "over",
                ),
                params={"over": over, "limit": self.limit},
            )


class TextField(forms.CharField):
    """The text of a reply: line breaks as one character, composed letters, no control characters."""

    def to_python(self, value: object) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > COMMENT_LIMIT:
            return text  # It will be refused by its length; composing it can take minutes.
        text = unicodedata.normalize("NFC", text)
        if not text.replace("\n", " ").replace("\t", " ").isprintable():
            text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
        return text if any(one_line(line) for line in text.split("\n")) else ""


class NameField(forms.CharField):
    """A name on one line, of visible characters."""

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return one_line(text) if len(text) <= LONGEST_NAME else text


class WebsiteField(forms.URLField):
    """An address of the web; "example.org" is taken as https."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class CommentForm(forms.Form):
    """A reply under `post`. Somebody who is signed in is asked for the text alone.

    Whether `parent` may be answered is for `intake` to say.
    """

    required_css_class = "required"

    comment = TextField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your reply here first.")},
    )
    name = NameField(
        label=_("Name"),
        help_text=_("A first name or a nickname is enough."),
        validators=[LengthAsShown(100)],
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": 100}),
        error_messages={"required": _("Tell us what to call you; a nickname is fine.")},
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give an email address; it will not be published."),
            "invalid": _("This does not look like an email address. One looks like name@example.org."),
            "max_length": _("This is too long for an email address."),
        },
    )
    website = WebsiteField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        validators=[LengthAsShown(200)],
        widget=forms.URLInput(attrs={"autocomplete": "url", "maxlength": 200}),
        error_messages={"invalid": _("This does not look like a web address. One looks like https://example.org.")},
    )
    notify = forms.BooleanField(
        label=_("Tell me by email when my reply is published and when somebody answers it."), required=False
    )
    parent = forms.CharField(required=False, widget=forms.HiddenInput())
    token = forms.CharField(required=False, widget=forms.HiddenInput())
    # How long the text took, measured by a script; whatever is in it is only a hint.
    seconds = forms.CharField(required=False, widget=forms.HiddenInput())
    # What this browser is known by: put in by a script, the same empty field for everybody until then.
    key = forms.CharField(required=False, widget=forms.HiddenInput())
    # What was asked about this very text, and answered; `second_look` signs it.
    asked = forms.CharField(required=False, widget=forms.HiddenInput())
    # People do not see this field; what is in it is a reason to hold the reply, never an error.
    topic = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(
        self,
        data: dict[str, str] | None = None,
        *,
        post: Post,
        site: SiteSettings,
        user: User | None = None,
        initial: dict[str, str] | None = None,
    ) -> None:
        # The guard is checked before the form, and a form that goes back has a fresh one.
        fresh = {"token": form_token(post.pk)}
        super().__init__(
            data if data is None else {**data, **fresh},
            initial={**(initial or {}), **fresh},
            auto_id="reply-%s",
            label_suffix="",
        )
        self.post, self.site, self.user = post, site, user
        self.fields["comment"].validators.append(LengthAsShown(site.comment_limit))
        self.fields["comment"].widget.attrs["data-limit"] = site.comment_limit
        self.fields["email"].required = site.email_required
        if not site.website_offered:
            del self.fields["website"]
        if user is not None:
            for name in ("name", "email", "website", "notify", "topic", "seconds", "key"):
                self.fields.pop(name, None)

    @cached_property
    def helper(self) -> FormHelper:
        """How `{% crispy %}` sets the form."""
        return self._helper()

    @property
    def address(self) -> str:
        """Where it is sent to."""
        return f"{self.post.get_absolute_url()}comments/" if self.post.slug else ""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("notify") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Give an email address to write to, or take the tick below away."))
        return cleaned

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_id = "reply-form"
        helper.form_action = self.address
        helper.attrs = {"novalidate": ""}
        # A public page is the same for everybody; only who is signed in gets a token of Django's.
        helper.disable_csrf = self.user is None
        rows = [Field(name, template=TEMPLATES[name]) if name in TEMPLATES else name for name in self.fields]
        helper.layout = Layout(*rows, HTML('{% include "comments/_form_end.html" %}'))
        return helper

    def again(self, typed: dict[str, str]) -> CommentForm:
        """The same form with what was typed, and without a word about errors in it."""
        return CommentForm(post=self.post, site=self.site, user=self.user, initial=typed)

    @property
    def typed_in(self) -> int | None:
        """The seconds from the first key to the last, where a script of ours said so."""
        said = self.cleaned_data.get("seconds", "")
        return int(said) if said.isdecimal() and len(said) < 9 else None

    def renewed(self, typed: dict[str, str]) -> CommentForm:
        """As `again`, where the server wrote the text: a script must not put back what was typed before."""
        form = self.again(typed)
        for name in {"comment", "name"} & form.fields.keys():
            form.fields[name].widget.attrs["data-fresh"] = ""
        return form

    def draft(self, parent: Comment | None) -> Comment:
        """The reply that the valid form describes, not saved."""
        values = self.cleaned_data
        comment = Comment(post=self.post, parent=parent, source=values["comment"], user=self.user)
        comment.name = self.user.shown_name if self.user else values["name"]
        comment.website = values.get("website", "")
        comment.email = values.get("email", "")
        if self.user is None:
            comment.writer = read_writer_key(values.get("key", "")) or new_writer()
        return comment


class PreviewForm(CommentForm):
    """The same form where the text alone is judged: a reader may look at it before giving a name."""

    def full_clean(self) -> None:
        super().full_clean()
        for name in set(self.errors) - {"comment"}:
            del self.errors[name]
