"""Makes the model that is shipped: `python -m bench.model spam-and-ham.jsonl`. The same texts give the same file."""

import sys
from pathlib import Path

from bench.spam import examples, fit
from bench.texts import OWN, read
from comments.classifier.model import FILE, write


def main(paths: list[str]) -> None:
    texts = read(OWN, *map(Path, paths))
    model = fit(texts, examples(texts))
    write(model)
    print(f"{len(texts)} texts, {len(model.entries)} features, hold {model.hold:.3f}, spam {model.spam:.3f}: {FILE}")


if __name__ == "__main__":
    main(sys.argv[1:])
