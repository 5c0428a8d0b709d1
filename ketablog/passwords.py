"""A new password by mail, for who forgot the own one."""

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib.auth import forms, views
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from ketablog.accounts import User
from ketablog.clients import client_key
from ketablog.counters import count
from ketablog.invitations import days_of_link, password_link
from ketablog.mail import compose, send_later

MOST_AN_HOUR = 5
NOBODY = 0


class NewPasswordForm(forms.PasswordResetForm):
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Queue the mail. Something is queued for an unknown address too, so that time tells nothing of it."""
        known = [user.pk for user in self.get_users(self.cleaned_data["email"])]
        for user_id in known or [NOBODY]:
            send_later("ketablog.passwords.new_password", user_id)


class NewPasswordView(views.PasswordResetView):
    """Asks for an address, and answers the same whether or not it is known."""

    form_class = NewPasswordForm

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        tries, wait = count(f"new-password:{client_key(request)}", timedelta(hours=1))
        if tries <= MOST_AN_HOUR:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.add_error("email", _too_often(wait))
        response = self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
        return response


def _too_often(wait: timedelta) -> str:
    minutes = math.ceil(wait.total_seconds() / 60)
    return ngettext(
        "A new password was asked for too often from here. Nothing was sent; try again in %(minutes)s minute.",
        "A new password was asked for too often from here. Nothing was sent; try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


def new_password(user_id: int) -> EmailMessage | None:
    """The mail with the link; its token is made now, so that no queue ever holds it."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not user.has_usable_password():
        return None
    return compose("new_password", user.email, user=user, link=password_link(user), days=days_of_link())
