"""Medical review in the admin: the list of an article's reviews, and the page where a clinician signs its text."""

from http import HTTPStatus

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from posts.editorial import digest
from posts.forms import ReviewForm
from posts.models import Post, Review


class ReviewInline(admin.TabularInline):
    """What was reviewed, to read only."""

    model = Review
    readonly_fields = ["reviewer", "reviewed_on", "due_on", "note", "covers"]
    fields = tuple(readonly_fields)
    verbose_name_plural = _("medical reviews")

    @admin.display(description=_("this text?"))
    def covers(self, review: Review) -> str:
        if review.digest == digest(review.post):
            return gettext("covers this text")
        return gettext("the text was changed since")

    def has_add_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False


def review_post(request: HttpRequest, pk: int, *, model_admin: admin.ModelAdmin) -> HttpResponse:
    """An article as readers see it, and under it the form to sign exactly this text."""
    post = get_object_or_404(Post.objects.for_page(), pk=pk)
    if not (model_admin.has_view_permission(request, post) and request.user.has_perm("posts.add_review")):
        raise PermissionDenied
    form = ReviewForm(request.POST if request.method == "POST" else None, post=post, user=request.user)  # type: ignore[arg-type]
    if form.is_valid():
        form.save()
        model_admin.log_change(request, post, _("Reviewed."))
        messages.success(request, _("Your review is signed. Readers see it for as long as the text stays as it is."))
        return redirect("admin:posts_post_change", post.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Review this text"),
        "opts": model_admin.opts,
        "media": model_admin.media + form.media,
        "post": post,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return TemplateResponse(request, "admin/posts/post/review.html", context, status=status)
