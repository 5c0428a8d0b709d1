"""Sentences, articles and replies, made of `words.py` by the dice of a seed."""

import random
import re
from html import escape

from bench.content import words

SLOT = re.compile(r"\{(\w+?)2?\}")
INVENTED = 4000
LISTS = {
    "group": words.GROUPS,
    "topic": words.TOPICS,
    "thing": words.THINGS,
    "verb": words.VERBS,
    "measure": words.MEASURES,
    "change": words.CHANGES,
    "time": words.TIMES,
    "reason": words.REASONS,
    "adverb": words.ADVERBS,
    "adjective": words.ADJECTIVES,
    "noun": words.NOUNS,
    "feeling": words.FEELINGS,
    "person": words.PEOPLE,
}
# How many an article uses of a list that tells what it is about.
SUBJECT = {"topic": 4, "thing": 9, "measure": 5, "noun": 12, "adjective": 12, "group": 8, "verb": 12}


class Author:
    """Who writes all of it; what the dice say next depends on the seed and on what was written before."""

    def __init__(self, seed: int | str) -> None:
        self.dice = random.Random(seed)  # noqa: S311 (no secret)
        self.invented = ["".join(self.dice.choices(words.SYLLABLES, k=3)).capitalize() for _ in range(INVENTED)]
        self.lists = LISTS

    def fill(self, pattern: str) -> str:
        """The pattern with a word in each of its slots."""
        return SLOT.sub(self._word, pattern)

    def sentence(self, patterns: tuple[str, ...]) -> str:
        return self.fill(self.dice.choice(patterns))

    def paragraph(self, sentences: int) -> str:
        return " ".join(self.sentence(words.ARTICLE_SENTENCES) for _ in range(sentences))

    def choose_subject(self) -> None:
        """From now on write about a few things only, as an article does, so that not every word is found in all."""
        self.lists = {kind: self.dice.sample(list, k=SUBJECT.get(kind, len(list))) for kind, list in LISTS.items()}

    def choose_all(self) -> None:
        """From now on write about anything again."""
        self.lists = LISTS

    def title(self) -> str:
        return self.sentence(words.TITLES)

    def body(self, references: int, length: int) -> str:
        """The source of an article of about so many words: sections with headings, a list, marks of its references."""
        beginning = self.paragraph(3)
        parts = [f"<p>{escape(beginning)}</p>"]
        written = _count(beginning)
        while written < length:
            if len(parts) % 4 == 1:
                parts.append(f"<h2>{escape(self.title())}</h2>")
            if self.dice.random() < 0.1:
                items = [self.sentence(words.ARTICLE_SENTENCES) for _ in range(3)]
                written += sum(map(_count, items))
                parts.append(f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>")
            else:
                text = self.paragraph(self.dice.randint(3, 5))
                written += _count(text)
                parts.append(f"<p>{escape(text)} [{self.dice.randint(1, references)}]</p>")
        return "\n".join(parts)

    def reply(self) -> str:
        """The source of a reply: one to nine sentences, some with a paragraph or an emphasis."""
        said = [self.sentence(words.REPLY_SENTENCES) for _ in range(self.dice.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 9)))]
        if self.dice.random() < 0.05:
            said[-1] = f"**{said[-1]}**"
        if len(said) > 3:
            said[2] += "\n\n" + said.pop(3)
        return " ".join(said)

    def reply_of(self, length: int) -> str:
        """The source of a reply of exactly so many characters."""
        text = self.reply()
        while len(text) < length:
            text += " " + self.sentence(words.REPLY_SENTENCES)
        return text[: length - 1].rstrip() + "." * (length - len(text[: length - 1].rstrip()))

    def name(self) -> str:
        """What a reader calls herself."""
        first = self.dice.choice(words.FIRST_NAMES)
        return first if self.dice.random() < 0.6 else f"{first} {self.place()}"

    def place(self) -> str:
        """A word that was made up; a few are met often and most hardly ever, as names are."""
        return self.invented[int(len(self.invented) * self.dice.random() ** 3)]

    def _word(self, slot: re.Match[str]) -> str:
        kind = slot[1]
        if kind == "name":
            return self.place()
        if kind == "number":
            return str(self.dice.randint(2, 40))
        word = self.dice.choice(self.lists[kind.lower()])
        return word[0].upper() + word[1:] if kind[0].isupper() else word


def _count(text: str) -> int:
    return text.count(" ") + 1
