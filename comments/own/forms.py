"""The form in which a writer changes a reply."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms

from comments.forms import CommentForm, LengthAsShown
from comments.models import Comment
from ketablog.site import SiteSettings


class EditForm(forms.Form):
    """The text and the name, as the form of a new reply takes them. Somebody of the staff is asked for the text alone.

    `version` is that of the text which the writer saw.
    """

    required_css_class = "required"

    comment = CommentForm.base_fields["comment"]
    name = CommentForm.base_fields["name"]
    version = forms.CharField(required=False, widget=forms.HiddenInput())
    act = forms.CharField(required=False, widget=forms.HiddenInput(), initial="edit")

    def __init__(
        self,
        data: dict[str, str] | None = None,
        *,
        comment: Comment,
        site: SiteSettings,
        initial: dict[str, str] | None = None,
    ) -> None:
        stored = {"comment": comment.source, "name": comment.name, "version": str(comment.text_version)}
        super().__init__(data, initial={**stored, **(initial or {})}, auto_id="reply-%s", label_suffix="")
        self.fields["comment"].validators.append(LengthAsShown(site.comment_limit))
        self.fields["comment"].widget.attrs["data-limit"] = site.comment_limit
        if comment.user_id is not None:
            del self.fields["name"]
        self.helper = FormHelper()
        self.helper.form_id = "edit-form"
        self.helper.form_action = comment.get_own_url()
        self.helper.attrs = {"novalidate": ""}
        # Its address is the secret that another site does not know.
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields, HTML('{% include "comments/_edit_end.html" %}'))
