"""What staff fill in about the site and about each other."""

import zoneinfo
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminFileWidget, AdminTextareaWidget
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.contrib.auth.models import Group
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ketablog.accounts import User
from ketablog.site import Network, SiteSettings
from ketablog.uploads import clean_image

LONGEST_LOGO = 480


class ContactField(forms.CharField):
    """Where to write to: an address on the web, or a mail address, which nobody would begin with mailto:."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return f"mailto:{text}" if "@" in text and ":" not in text else text


class SiteSettingsForm(forms.ModelForm):
    # Not as Django makes it of the column: the name that the file has on somebody's disk may be of any length.
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=AdminFileWidget,
        help_text=SiteSettings._meta.get_field("logo").help_text,
    )
    networks = forms.MultipleChoiceField(
        label=_("Networks to share to"),
        choices=Network.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Plain links under every article. No network hears of a reader who does not press one."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name) for name in sorted(zoneinfo.available_timezones())]
    )

    class Meta:
        model = SiteSettings
        exclude: list[str] = []
        field_classes = {"security_contact": ContactField}
        widgets = {
            "accent": forms.ColorInput,
            **{
                name: AdminTextareaWidget({"rows": 4})
                for name in (
                    "navigation",
                    "footer_links",
                    "form_links",
                    "disclaimer",
                    "contact",
                    "help_lines",
                    "decline_reasons",
                    "standard_note",
                    "moderation_hours",
                    "days_off",
                )
            },
        }

    def clean_logo(self) -> File | bool | None:
        logo = self.cleaned_data["logo"]
        if isinstance(logo, UploadedFile):
            image = clean_image(logo, longest=LONGEST_LOGO)
            self.instance.logo_width, self.instance.logo_height = image.width, image.height
            return image.file
        if not logo:
            self.instance.logo_width = self.instance.logo_height = None
        return logo


class GroupsField(forms.ModelMultipleChoiceField):
    """Groups to choose from, by the names they have in the site's language."""

    def label_from_instance(self, group: Group) -> str:
        return gettext(group.name)


class _OneAddress(forms.ModelForm):
    """An address belongs to one account, however it is written."""

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody has an account with this address already."))
        return email


class InvitationForm(_OneAddress):
    """A new member of staff, who chooses the password from the mail."""

    changed_by: User

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups"]
        field_classes = {"username": UsernameField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].required = True
        self.fields["groups"].error_messages["required"] = _(
            "Choose at least one group: without one, this person could sign in and do nothing."
        )

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class StaffForm(_OneAddress, UserChangeForm):
    changed_by: User

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance == self.changed_by and not (cleaned.get("is_active", True) and cleaned.get("is_staff", True)):
            raise forms.ValidationError(_("You cannot close your own account. Ask a colleague to do it."))
        return cleaned

    def clean_groups(self) -> list:
        """The groups chosen, and those that were not there to choose from."""
        offered = self.fields["groups"].queryset  # type: ignore[attr-defined]
        kept = self.instance.groups.exclude(pk__in=offered)
        return [*self.cleaned_data["groups"], *kept]
