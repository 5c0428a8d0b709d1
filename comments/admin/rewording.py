"""The page where staff change the text of a reply."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import editing
from comments.admin.cards import Card, Sees
from comments.forms import LengthAsShown, TextField
from comments.models import Comment
from ketablog import site
from ketablog.models import User


class RewordForm(forms.Form):
    """`version` is that of the text that was read."""

    text = TextField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        error_messages={"required": gettext_lazy("Nothing would be left. To take a reply off the article, remove it.")},
    )
    version = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput())


def reword(request: HttpRequest, pk: int, *, model_admin: admin.ModelAdmin) -> HttpResponse:
    """A form with the text; a POST changes it and leads back to the reply."""
    user = cast(User, request.user)
    if not (user.has_perm("comments.change_comment") and user.has_perm(editing.MAY_EDIT)):
        raise PermissionDenied
    comment = model_admin.get_queryset(request).filter(pk=pk).first()
    if comment is None or comment.is_empty:
        messages.warning(request, _("This reply is no longer there."))
        return redirect("admin:comments_comment_changelist")
    if Card.of(comment, Sees.of(request)).is_covered:
        messages.warning(request, _("The text is covered. Show it first."))
        return redirect("admin:comments_comment_change", pk)
    shown = {"text": comment.source, "version": comment.text_version}
    form = RewordForm(request.POST if request.method == "POST" else None, initial=shown)
    form.fields["text"].validators.append(LengthAsShown(site.of(request).comment_limit))
    if form.is_valid() and _save(form, comment, user):
        messages.success(request, _("Changed. Readers see that staff changed it; what it said before is kept here."))
        return redirect("admin:comments_comment_change", pk)
    return _show(request, form, comment, model_admin)


def _save(form: RewordForm, comment: Comment, by: User) -> bool:
    """Whether it is saved; where it is not, the form says why."""
    typed = form.cleaned_data
    try:
        if editing.edit(comment, source=typed["text"], by=by, text_version=typed["version"]):
            return True
        form.add_error(None, _("Its writer or a colleague changed this reply after you opened this page. Its present "
                               "text stands below; press the button again to put yours in its place."))  # fmt: skip
    except editing.HoldsParts as problem:
        words = _("The reply is public, and this text seems to hold %(what)s. Please take that out.")
        form.add_error("text", words % {"what": ", ".join(problem.parts.words)})
    except editing.ConfirmsPatient:
        form.add_error("text", _("This may confirm that somebody is a patient. Please say it in other words."))
    return False


def _show(request: HttpRequest, form: RewordForm, comment: Comment, model_admin: admin.ModelAdmin) -> HttpResponse:
    if form.is_bound:
        # What is pressed next is about what stands on this page.
        form.data = {"text": form.data.get("text", ""), "version": comment.text_version}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Change the text"),
        "opts": model_admin.opts,
        "media": model_admin.media,
        "comment": comment,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return TemplateResponse(request, "admin/comments/comment/reword.html", context, status=status)
