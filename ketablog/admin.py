"""Site settings and staff, in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import ManyToManyField, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ketablog import roles, site
from ketablog.accounts import User
from ketablog.forms import GroupsField, InvitationForm, SiteSettingsForm, StaffForm
from ketablog.invitations import invite
from ketablog.site import SiteSettings


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    """One row: its list is its form."""

    form = SiteSettingsForm
    fieldsets = [
        (_("Name and look"), {"fields": ["name", "tagline", "logo", "accent"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
        (_("Links"), {"fields": ["navigation", "footer_links", "form_links", "networks"]}),
        (
            _("What every article says"),
            {
                "fields": ["disclaimer", "contact", "clinic_phone", "portal_url", "help_lines"],
                "description": _("Have a clinician read the disclaimer and the help lines before they are public."),
            },
        ),
        (
            _("Replies"),
            {
                "fields": [
                    "replies_open",
                    "close_after_days",
                    "moderation_policy",
                    "first_held",
                    "trust_days",
                    "proof_of_work",
                    "decline_reasons",
                    "opening_hours",
                    "standard_note",
                    "email_required",
                    "website_offered",
                    "comment_limit",
                    "thread_depth",
                    "edit_minutes",
                ]
            },
        ),
        (
            _("Moderators"),
            {"fields": ["moderation_hours", "days_off", "answer_within_hours", "mail_buttons_without_login"]},
        ),
        (
            _("Privacy"),
            {
                "fields": ["keep_addresses_days", "keep_spam_days", "keep_removed_days", "keep_unconfirmed_days"],
                "description": _("What is older is erased once a day. Say the same in your privacy notice."),
            },
        ),
        (_("Mail"), {"fields": ["mail_from", "bounces_to", "on_call_address"]}),
        (_("Security"), {"fields": ["security_contact"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SiteSettings | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("admin:ketablog_sitesettings_change", 1)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """With one button, for the form is all there is to come back to."""
        return super().render_change_form(request, {**context, "show_save_and_continue": False}, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: SiteSettings) -> HttpResponse:
        """Django's own sentence names one thing of many, which these are not."""
        with site.in_force(obj):
            messages.success(request, gettext("The site settings are saved."))
        return redirect("admin:ketablog_sitesettings_change", 1)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> SiteSettings | None:
        """The one row, with the defaults before it was ever saved."""
        if object_id != "1":
            return None
        row = site.current()
        row.pk = 1
        return row


class GroupFilter(admin.RelatedFieldListFilter):
    """Groups by the names they have in the site's language."""

    def field_choices(self, field, request: HttpRequest, model_admin):
        return [(pk, gettext(str(name))) for pk, name in super().field_choices(field, request, model_admin)]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Staff. Who is no superuser invites, but gives and takes no more than what the four groups may do."""

    form = StaffForm
    add_form = InvitationForm
    list_display = ["username", "shown_name", "email", "is_active", "has_password", "last_login"]
    list_filter = ["is_active", ("groups", GroupFilter)]
    actions = ["send_invitation_again"]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username", "first_name", "last_name", "email", "groups"],
                "description": _(
                    "They get a mail with a link to choose a password. An article or a medical review also needs "
                    "an entry under People that is linked to the account."
                ),
            },
        )
    ]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Who it is"), {"fields": ["first_name", "last_name", "email", "reply_mail"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    superuser_fieldsets = [
        (_("Beyond the groups"), {"fields": ["is_superuser", "user_permissions"], "classes": ["collapse"]})
    ]

    @admin.display(description=_("name"))
    def shown_name(self, user: User) -> str:
        return user.shown_name

    @admin.display(description=_("chose a password"), boolean=True)
    def has_password(self, user: User) -> bool:
        return user.has_usable_password()

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, *self.superuser_fieldsets] if obj and request.user.is_superuser else fieldsets

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs):
        if db_field.name == "groups":
            kwargs["form_class"] = GroupsField
            if not request.user.is_superuser:
                kwargs["queryset"] = Group.objects.filter(name__in=roles.PERMISSIONS)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.changed_by = request.user  # type: ignore[attr-defined]
        return form

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody changes an account that may do more than the own one, and so gets at what it may do."""
        if obj is not None and roles.may_do_more(obj, than=request.user):  # type: ignore[arg-type]
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and invite(obj):
            messages.info(request, _("An invitation is on its way to %(email)s.") % {"email": obj.email})

    @admin.action(description=_("Send the invitation again"), permissions=["change"])
    def send_invitation_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        may_change = [user for user in queryset if self.has_change_permission(request, user)]
        sent = sum(invite(user) for user in may_change)
        if sent:
            told = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent)
            messages.success(request, told % {"n": sent})
        if skipped := queryset.count() - sent:
            told = ngettext(
                "%(n)s person gets none: the account has a password already, or is not active.",
                "%(n)s people get none: their accounts have a password already, or are not active.",
                skipped,
            )
            messages.warning(request, told % {"n": skipped})
