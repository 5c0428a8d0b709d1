from collections.abc import Iterator

from comments.classifier import counts
from comments.classifier.features import Written, features
from comments.classifier.model import in_words, shipped
from comments.classifier.own import own_things
from comments.rules.submission import Reason, Submission

VERSION = 1
HOLD, SPAM = "classifier", "classifier_sure"  # Apart, so that each may have an outcome of its own.


def reads_like_spam(submission: Submission) -> Iterator[Reason]:
    """It reads like what was marked as spam; `fragment` are its words that say so, the strongest first."""
    model = shipped()
    found = features(Written(submission.source, submission.name, submission.website), own_things())
    score = model.score(found, counts.recall(found))
    if score.value >= model.spam:
        yield Reason(SPAM, points=5, fragment=in_words(score.strongest), version=VERSION)
    elif score.value >= model.hold:
        yield Reason(HOLD, points=2, fragment=in_words(score.strongest), version=VERSION)
