from django.db import models


class LearnedWord(models.Model):
    """In how many replies of each kind a feature was found that staff decided on. `code` is a keyed hash of it, so
    that no reply can be read from the table; code 0 counts the replies themselves."""

    code = models.BigIntegerField(primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    ham = models.PositiveIntegerField(default=0)
    seen_on = models.DateField()

    class Meta:
        verbose_name = "learned word"
        verbose_name_plural = "learned words"
        indexes = [models.Index(fields=["seen_on"], name="learned_word_seen")]

    def __str__(self) -> str:
        return f"{self.code}: {self.spam} spam, {self.ham} ham"


class Lesson(models.Model):
    """What was learned of one reply, so that exactly that can be unlearned: the codes, and as which kind."""

    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.CASCADE, primary_key=True, related_name="lesson"
    )
    is_spam = models.BooleanField()
    text_version = models.PositiveIntegerField()
    codes = models.BinaryField()

    class Meta:
        verbose_name = "lesson"
        verbose_name_plural = "lessons"

    def __str__(self) -> str:
        return f"{self.comment_id}: {'spam' if self.is_spam else 'ham'}"


class LearnedLine(models.Model):
    """A labelled line that was learned from a file, by a keyed hash: it counts once, however often the file is read."""

    code = models.BigIntegerField(primary_key=True)
    is_spam = models.BooleanField()

    class Meta:
        verbose_name = "learned line"
        verbose_name_plural = "learned lines"

    def __str__(self) -> str:
        return str(self.code)
