from django.db import models


class SearchEntry(models.Model):
    """What the search reads of an article: its words folded (`posts/search/folding.py`), by how much they weigh."""

    post = models.OneToOneField("posts.Post", on_delete=models.CASCADE, primary_key=True, related_name="search_entry")
    title = models.TextField()
    summary = models.TextField()
    tags = models.TextField()
    body = models.TextField()
    # The articles that say most like it, best first, by id.
    similar = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.title
