from datetime import date, timedelta

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Reference(models.Model):
    """A source of an article. Its number is its place in the list."""

    class Kind(models.TextChoices):
        GUIDELINE = "guideline", _("Guideline")
        REVIEW = "review", _("Systematic review")
        TRIAL = "trial", _("Randomized trial")
        OBSERVATIONAL = "observational", _("Observational study")
        REGULATOR = "regulator", _("Regulator")
        OTHER = "other", _("Other")

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="references")
    position = models.PositiveSmallIntegerField(_("number"), default=1)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    title = models.CharField(_("title"), max_length=400)
    source = models.CharField(_("journal or agency"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    doi = models.CharField(
        "DOI",
        max_length=150,
        blank=True,
        validators=[
            RegexValidator(r"^10\.\d{4,9}/\S+\Z", _("A DOI begins with 10. and a number, such as 10.1000/182."))
        ],
    )
    pmid = models.CharField(
        "PMID", max_length=10, blank=True, validators=[RegexValidator(r"^\d+\Z", _("Digits only."))]
    )
    url = models.CharField(
        _("web address"), max_length=500, blank=True, validators=[URLValidator(schemes=["https", "http"])]
    )
    kind = models.CharField(_("kind of evidence"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    checked_on = models.DateField(_("checked on"), null=True, blank=True, help_text=_("When somebody last opened it."))

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def link(self) -> str:
        """Where to read it: by DOI, else PubMed, else its own address."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/" if self.pmid else self.url


class Correction(models.Model):
    """What was wrong in a published article, and since when it is right."""

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="corrections")
    corrected_on = models.DateField(_("corrected on"), default=timezone.localdate)
    text = models.TextField(
        _("what was corrected"),
        max_length=600,
        help_text=_("What it said, what it says now, and why. Readers see it under the references."),
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-corrected_on", "-pk"]

    def __str__(self) -> str:
        return self.text


def next_year() -> date:
    return timezone.localdate() + timedelta(days=365)


class Review(models.Model):
    """A clinician checked exactly the text that `digest` stands for (`posts/editorial.py`)."""

    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        "posts.Person", on_delete=models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    reviewed_on = models.DateField(_("reviewed on"), default=timezone.localdate)
    due_on = models.DateField(_("next review due"), default=next_year)
    digest = models.CharField(max_length=64, editable=False)
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("For colleagues; readers do not see it.")
    )

    class Meta:
        verbose_name = _("medical review")
        verbose_name_plural = _("medical reviews")
        ordering = ["-reviewed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.reviewer}, {self.reviewed_on}"

    @property
    def is_overdue(self) -> bool:
        return self.due_on < timezone.localdate()
