from collections.abc import Iterator

from comments.classifier import counts
from comments.classifier.features import Written, features
from comments.classifier.model import in_words, shipped
from comments.rules.submission import Reason, Submission

VERSION = 1


def reads_like_spam(submission: Submission) -> Iterator[Reason]:
    """It reads like what was marked as spam; `fragment` are its words that say so, the strongest first."""
    model = shipped()
    found = features(Written(submission.source, submission.name, submission.website), submission.known)
    score = model.score(found, counts.recall(found))
    if score.value >= model.spam:
        yield Reason("classifier", 5, in_words(score.strongest), VERSION, outcome="spam")
    elif score.value >= model.hold:
        yield Reason("classifier", 2, in_words(score.strongest), VERSION, outcome="hold")
