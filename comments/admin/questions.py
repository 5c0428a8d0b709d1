"""The page where staff make a question and answer of a reader's reply and their answer to it."""

from http import HTTPStatus
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from comments.admin import covering
from comments.models import Comment
from comments.questions import making
from comments.questions.forms import MakeQuestion
from ketablog.models import User
from posts.models import Question


def make_question(request: HttpRequest, pk: int, *, model_admin: admin.ModelAdmin) -> HttpResponse:
    """A form with both texts; a POST adds the entry to the article and leads to it there."""
    user = cast(User, request.user)
    if not making.may_make(user):
        raise PermissionDenied
    comment = model_admin.get_queryset(request).filter(pk=pk).first()
    if comment is None:
        messages.warning(request, _("This reply is no longer there."))
        return redirect("admin:comments_comment_changelist")
    if covering.is_covered(comment, covering.opened_by(request)):
        messages.warning(request, _("The text is covered. Show it first."))
        return redirect("admin:comments_comment_change", pk)
    if made := making.find_made(comment):
        return _lead_to(request, made, _("A question and answer was made of this reply already. Change it here."))
    try:
        answer = making.find_answer(comment)
        form = MakeQuestion(request.POST if request.method == "POST" else None, comment=comment, answer=answer)
        if form.is_valid():
            made = making.make(form.save(commit=False), comment, seen=form.cleaned_data["seen"], by=user)
            return _lead_to(request, made, _("Readers see the question and answer above the replies now."))
    except making.CannotMake as problem:
        messages.warning(request, str(problem))
        return redirect("admin:comments_comment_change", pk)
    return _show(request, form, comment, answer, model_admin)


def _show(
    request: HttpRequest, form: MakeQuestion, comment: Comment, answer: Comment, model_admin: admin.ModelAdmin
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Make a question and answer of it"),
        "opts": model_admin.opts,
        "media": model_admin.media + form.media,
        "comment": comment,
        "answer": answer,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return TemplateResponse(request, "admin/comments/comment/question.html", context, status=status)


def _lead_to(request: HttpRequest, question: Question, told: str) -> HttpResponse:
    """To the article's page for its writers, where all its questions and answers are."""
    place = format_html('{} <a href="{}">{}</a>', told, question.get_absolute_url(), _("See it on its page"))
    messages.success(request, place)
    return redirect(f"{reverse('admin:posts_post_change', args=[question.post_id])}#questions-group")
