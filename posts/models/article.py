import hashlib
import math
from datetime import datetime, timedelta
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ketablog.markup import plain_text
from ketablog.paths import path_of
from ketablog.site import SiteSettings
from posts.models.body import HasBody
from posts.models.questions import Question
from posts.models.slugs import free_slug
from posts.querysets import PostQuerySet

WORDS_A_MINUTE = 220
FEWEST_CONTENTS = 3


class Post(HasBody):
    """An article. `published_at` and `withdrawn_at` alone say whether the public may read it."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("slug"),
        max_length=220,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The end of its address. Made from the title where it is empty."),
    )
    standfirst = models.TextField(
        _("standfirst"), max_length=400, blank=True, help_text=_("One or two sentences under the title and in lists.")
    )
    key_points = models.TextField(
        _("in short"), blank=True, help_text=_("Three to five points, one a line, shown above the text.")
    )
    cover = models.ForeignKey(
        "posts.Image", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    writer = models.ForeignKey("posts.Person", on_delete=models.PROTECT, related_name="posts", verbose_name=_("writer"))
    category = models.ForeignKey(
        "posts.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("category"),
    )
    tags = models.ManyToManyField("posts.Tag", blank=True, related_name="posts", verbose_name=_("tags"))
    attachments = models.ManyToManyField(
        "posts.Attachment", blank=True, related_name="posts", verbose_name=_("leaflets")
    )
    action_text = models.CharField(
        _("call to action"), max_length=200, blank=True, help_text=_("A sentence above the button, after the text.")
    )
    action_label = models.CharField(_("button"), max_length=60, blank=True)
    action_url = models.CharField(
        _("address of the button"), max_length=200, blank=True, help_text=_("Such as /contact/ or https://…")
    )
    featured = models.BooleanField(_("featured"), default=False, help_text=_("Stands first on the home page."))
    share_title = models.CharField(
        _("title for sharing"),
        max_length=120,
        blank=True,
        help_text=_(
            "What friends of a reader see when the article is passed on, where its own title would say too much about "
            "the reader, such as: Something worth reading. Its picture is then drawn from this title too."
        ),
    )
    shows_help_lines = models.BooleanField(
        _("shows the help lines"),
        default=False,
        help_text=_("For articles on depression and suicide: the help lines stand at the end of the text."),
    )
    replies_open = models.BooleanField(_("replies are open"), default=True)
    replies_closed_at = models.DateTimeField(_("replies closed at"), null=True, editable=False)
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("Empty: a draft. In the future: it appears at that time."),
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"),
        null=True,
        blank=True,
        help_text=_("Takes a published article back; readers are told that it is gone."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    text_digest = models.CharField(max_length=64, editable=False, blank=True)
    revised_at = models.DateTimeField(_("revised at"), editable=False, default=timezone.now)

    objects = PostQuerySet.as_manager()
    # What a page of search results reads along.
    lines: str

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        permissions = [("close_replies", _("Can close and open the replies of an article"))]
        indexes = [
            # With all that says whether an article is public, so that many are counted without reading them.
            models.Index(fields=["-published_at", "-id", "withdrawn_at"], name="post_newest"),
            models.Index(fields=["category", "-published_at", "-id", "withdrawn_at"], name="post_of_category"),
            models.Index(fields=["-featured", "-published_at", "-id", "withdrawn_at"], name="post_featured"),
            # Of those alone: SQLite would look for all others by it, and sort them.
            models.Index(fields=["withdrawn_at"], name="post_withdrawn", condition=Q(withdrawn_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(published_at__isnull=False),
                name="post_withdrawn_was_published",
                violation_error_message=_("Only an article with a time of publication can be withdrawn."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or free_slug(self, self.title)
        self.render_body()
        self.note_revision()
        self.note_closing()
        super().save(*args, **kwargs)

    def note_revision(self) -> None:
        """Fill `revised_at` where readers get another text than before."""
        text = "\0".join([self.title, self.standfirst, self.key_points, self.body])
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        if digest != self.text_digest:
            self.text_digest, self.revised_at = digest, timezone.now()

    def note_closing(self) -> None:
        """Fill `replies_closed_at` where its replies were closed."""
        self.replies_closed_at = None if self.replies_open else self.replies_closed_at or timezone.now()

    @property
    def reference_count(self) -> int:
        return self.references.count() if self.pk else 0

    def get_absolute_url(self) -> str:
        return path_of("post_detail", self.slug)

    @property
    def is_published(self) -> bool:
        """Whether the public may read it now. `PostQuerySet.published()` says the same of many."""
        return self.published_at is not None and self.published_at <= timezone.now() and self.withdrawn_at is None

    def accepts_replies(self, site: SiteSettings) -> bool:
        """Whether readers may reply to it now. Asks for its category, where that was not read along."""
        is_open = self.replies_open and site.replies_open and (self.category is None or self.category.replies_open)
        return self.is_published and is_open and not self._is_too_old_for_replies(site)

    def replies_closed_since(self, site: SiteSettings) -> datetime | None:
        """When its replies closed, by hand or by age, whichever was first; `None` where that is not known or not so."""
        by_age = self._closes_by_age_at(site) if self._is_too_old_for_replies(site) else None
        return min(filter(None, [self.replies_closed_at, by_age]), default=None)

    def _is_too_old_for_replies(self, site: SiteSettings) -> bool:
        closes_at = self._closes_by_age_at(site)
        return closes_at is not None and closes_at <= timezone.now()

    def _closes_by_age_at(self, site: SiteSettings) -> datetime | None:
        if not site.close_after_days or self.published_at is None:
            return None
        return self.published_at + timedelta(days=site.close_after_days)

    @property
    def is_gone(self) -> bool:
        """Whether it was public once and was taken back."""
        if self.published_at is None or self.withdrawn_at is None:
            return False
        return self.published_at <= min(self.withdrawn_at, timezone.now())

    @property
    def changed_at(self) -> datetime | None:
        """When readers last got another text; no earlier than its publication."""
        return max(self.published_at, self.revised_at) if self.published_at else None

    @property
    def shared_title(self) -> str:
        """The title that goes out with a link: a neutral one where the writer set one."""
        return self.share_title or self.title

    @property
    def has_contents_list(self) -> bool:
        """Whether the text has enough headings for a list of them to help."""
        return len(self.contents) >= FEWEST_CONTENTS

    @property
    def key_point_list(self) -> list[str]:
        return [line.strip() for line in self.key_points.splitlines() if line.strip()]

    @property
    def shown_questions(self) -> list[Question]:
        """The questions and answers that readers see. Uses `questions`."""
        return [question for question in self.questions.all() if question.is_shown]

    @cached_property
    def word_count(self) -> int:
        return len(plain_text(self.body_html).split())

    @property
    def reading_minutes(self) -> int:
        """Minutes to read the text, at least one, at 220 words a minute."""
        return max(1, math.ceil(self.word_count / WORDS_A_MINUTE))
