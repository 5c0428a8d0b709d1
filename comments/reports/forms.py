"""The form with which a reader reports a reply."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.forms import LengthAsShown, TextField
from comments.models import Comment
from comments.reports.models import Report
from ketablog.secrets import form_token

LONGEST = 500


class ReportForm(forms.Form):
    """What is wrong with `comment`."""

    required_css_class = "required"

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=[("", _("Please choose")), *Report.Reason.choices],
        error_messages={
            "required": _("Choose what is wrong with it; “Something else” is fine."),
            "invalid_choice": _("Choose one of the reasons in the list."),
        },
    )
    words = TextField(
        label=_("In your own words"),
        required=False,
        help_text=_("May stay empty. Only the moderators read it."),
        validators=[LengthAsShown(LONGEST)],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # Of the text that the reader saw.
    version = forms.CharField(required=False, widget=forms.HiddenInput())
    token = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, comment: Comment, data: dict[str, str] | None = None, typed: dict[str, str] | None = None):
        # The guard is checked before the form, and a form that goes back has a fresh one.
        fresh = {"token": form_token(comment.post_id), "version": str(comment.text_version)}
        super().__init__(
            data if data is None else {**data, **fresh},
            initial={**(typed or {}), **fresh},
            auto_id="report-%s",
            label_suffix="",
        )
        self.helper = FormHelper()
        self.helper.form_id = "report-form"
        self.helper.form_action = reverse("report_create", args=[comment.pk])
        self.helper.attrs = {"novalidate": ""}
        # The page is the same for everybody, staff included: a report says nothing of who sends it.
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields, Submit("send", _("Send the report")))
