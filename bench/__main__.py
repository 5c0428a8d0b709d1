"""Figures of the classifier: `python -m bench [spam-and-ham.jsonl …]`; without a file, of our own texts alone."""

import sys
import time
from pathlib import Path

from bench import spam
from bench.texts import OWN, read
from comments.classifier.features import Written, features

HEAD = (
    f"{'source':26}{'ham':>6}{'spam':>6}{'ham marked':>12}{'ham held':>10}{'spam stopped':>14}{'marked':>8}{'AUC':>8}"
)


def main(paths: list[str]) -> None:
    texts = read(OWN, *map(Path, paths))
    print(
        f"Classifier: {len(texts)} texts; {spam.FOLDS}-fold cross-validation, near-duplicates in one fold, seed "
        f"{spam.SEED};\nthresholds from {spam.INNER} inner folds of the training part. Stopped: held or marked as spam."
    )
    judged = spam.cross_validate(texts, tell=lambda line: print(line, file=sys.stderr))
    print(HEAD)
    for family in sorted({text.family for text in texts}):
        _print(family, spam.figures([each for each in judged if each.text.family == family]))
    _print("all", spam.figures(judged))
    print(f"features: {_milliseconds(texts):.2f} ms a text")


def _print(name: str, found: spam.Figures) -> None:
    area = f"{found.auc:.4f}" if found.auc is not None else "–"
    print(
        f"{name:26}{found.ham:6}{found.spam:6}{found.ham_marked:12.2%}{found.ham_held:10.1%}"
        f"{found.spam_stopped:14.1%}{found.spam_marked:8.1%}{area:>8}"
    )


def _milliseconds(texts: list[spam.Text]) -> float:
    start = time.perf_counter()
    for text in texts:
        features(Written(text.text))
    return (time.perf_counter() - start) / len(texts) * 1000


if __name__ == "__main__":
    main(sys.argv[1:])
