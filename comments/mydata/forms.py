"""The form in which a reader types the address."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    required_css_class = "required"

    email = forms.EmailField(
        label=_("The email address that you gave with your replies"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Type the address that you gave with your replies."),
            "invalid": _("This does not look like an email address. One looks like name@example.org."),
            "max_length": _("This is too long for an email address."),
        },
    )

    def __init__(self, data: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=typed, auto_id="my-data-%s", label_suffix="")
        self.helper = FormHelper()
        self.helper.form_id = "my-data-form"
        self.helper.form_action = reverse("my_data")
        self.helper.attrs = {"novalidate": ""}
        # The page is the same for everybody, and what it asks for goes to the mailbox alone.
        self.helper.disable_csrf = True
        self.helper.layout = Layout("email", Submit("send", _("Send me the link")))
