from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """What the search reads of an article: its words folded (`posts/search/folding.py`), by how much they weigh.

    The database keeps its own index over the first four texts (`posts/search/engine.py`), whoever writes them.
    """

    post = models.OneToOneField("posts.Post", on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    title = models.TextField()
    summary = models.TextField()
    tags = models.TextField()
    body = models.TextField()
    # What extracts are cut from, as readers know it: a line for each paragraph, heading and cell.
    lines = models.TextField(db_default="")
    # The articles that say most like it, best first, by id.
    similar = models.JSONField(default=list)
    # The version of the rules by which it was made; entries of an older one are made anew after a migration.
    version = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("entry in the search")
        verbose_name_plural = _("entries in the search")

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word that articles use, for spelling and for telling how much a word says."""

    word = models.CharField(max_length=40, primary_key=True)
    shown = models.CharField(max_length=80)
    # For finding the neighbors of a misspelled word without reading all.
    head = models.CharField(max_length=2)
    tail = models.CharField(max_length=2)
    length = models.PositiveSmallIntegerField()
    # In how many articles; a little more where articles were deleted since `rebuild_search`.
    articles = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("word in the search")
        verbose_name_plural = _("words in the search")
        indexes = [
            models.Index(fields=["head", "length"], name="searchword_head"),
            models.Index(fields=["tail", "length"], name="searchword_tail"),
        ]

    def __str__(self) -> str:
        return self.shown
