"""Staff come in by invitation: a mail with a link, once, to choose a password."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from ketablog.accounts import User
from ketablog.mail import compose, send_later


def invite(user: User) -> bool:
    """Queue the invitation; false where it would be of no use, since the user chose a password before."""
    if user.has_usable_password() or not user.is_active:
        return False
    send_later("ketablog.invitations.invitation", user.pk)
    return True


def invitation(user_id: int) -> EmailMessage | None:
    """The mail for somebody who has no password yet. Its link is made now, so that no queue ever holds it."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.has_usable_password():
        return None
    return compose("invitation", user.email, user=user, link=password_link(user), days=days_of_link())


def password_link(user: User) -> str:
    """Where this user may choose a password, once."""
    id_and_token = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    return settings.SITE_URL + reverse("password_reset_confirm", args=id_and_token)


def days_of_link() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
