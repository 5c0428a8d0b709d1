"""Sharing on Mastodon, where each reader has a server of their own: they say which, and get a link to it.

Nothing they type is kept, and nobody is redirected: forms may lead to this site alone, and a redirect would count.
"""

import re
from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from posts.models import Post
from posts.sharing import mastodon_link

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
SERVER = re.compile(rf"(?:{LABEL}\.)+(?=[a-z]){LABEL}")
# Whoever changes it, or how a name is read, changes static/js/share.js too.
REFUSAL = _("This is not the name of a server. One looks like mastodon.social.")


def server_name(typed: str) -> str:
    """The server in its name, its address, or an account on it. Raises `ValueError` where there is none."""
    name = re.sub(r"^https?://", "", typed.strip(), flags=re.IGNORECASE)
    name = re.split(r"[/?#]", name)[0].rpartition("@")[2].lower()
    name = name.encode("idna").decode("ascii")
    if not SERVER.fullmatch(name) or len(name) > 253:
        raise ValueError(typed)
    return name


class ServerForm(forms.Form):
    server = forms.CharField(
        label=_("Your Mastodon server"),
        max_length=300,
        help_text=_("Such as mastodon.social. Your whole account name will do, too."),
        error_messages=dict.fromkeys(["required", "max_length", "null_characters_not_allowed"], REFUSAL),
        widget=forms.TextInput(
            {"inputmode": "url", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_server(self) -> str:
        try:
            return server_name(self.cleaned_data["server"])
        except ValueError:
            raise forms.ValidationError(REFUSAL) from None


@require_safe
def share_on_mastodon(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the reader's server; with `?server=NAME` it answers with the link, or says what is wrong (422)."""
    post = get_object_or_404(Post.objects.published(), slug=slug)
    form = ServerForm(request.GET if "server" in request.GET else None)
    context: dict[str, object] = {"post": post, "form": form}
    if form.is_valid():
        server = form.cleaned_data["server"]
        context |= {"server": server, "link": mastodon_link(post, server)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "posts/share_on_mastodon.html", context, status=status)
