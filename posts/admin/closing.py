"""Closing and opening the replies of many articles."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ketablog import undoing
from posts.models import Post


class ClosesReplies(admin.ModelAdmin):
    """What is closed stays to be read. Either can be taken back at once."""

    def has_close_replies_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("posts.close_replies") or request.user.has_perm("posts.change_post")

    @admin.action(description=_("Close the replies"), permissions=["close_replies"])
    def close_replies(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        changed = [post for post in queryset if Post.objects.filter(pk=post.pk).close_replies()]
        told = ngettext(
            "Replies to %(n)s article are closed. What was written stays to be read.",
            "Replies to %(n)s articles are closed. What was written stays to be read.",
            len(changed),
        )
        self._tell_of_replies(request, changed, told, "open_replies", gettext("Its replies were closed."))

    @admin.action(description=_("Open the replies"), permissions=["close_replies"])
    def open_replies(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        changed = [post for post in queryset if Post.objects.filter(pk=post.pk).open_replies()]
        told = ngettext(
            "Replies to %(n)s article are open, unless its age, its category or the site settings close them.",
            "Replies to %(n)s articles are open, unless their age, their category or the site settings close them.",
            len(changed),
        )
        self._tell_of_replies(request, changed, told, "close_replies", gettext("Its replies were opened."))

    def _tell_of_replies(self, request: HttpRequest, changed: list[Post], told: str, undo: str, logged: str) -> None:
        if not changed:
            messages.warning(request, gettext("Nothing changed: the replies of what you chose are so already."))
            return
        for post in changed:
            self.log_change(request, post, logged)
        fields = {"action": undo, ACTION_CHECKBOX_NAME: [post.pk for post in changed], "index": 0}
        messages.success(request, undoing.offer(request, told % {"n": len(changed)}, fields))
