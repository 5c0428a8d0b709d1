from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the reply itself, read once before it is judged."""

    # What is public anyway: the clinic's own phones and help lines (digits alone), addresses and streets, its people.
    phones: Collection[str] = ()
    emails: Collection[str] = ()
    contact: str = ""
    people: Collection[str] = ()
    # The site's own hosts, and with them those that its pages lead to, such as that of a portal.
    own_hosts: Collection[str] = ()
    linked_hosts: Collection[str] = ()
    # Word lists that staff keep: the text of each that is switched on.
    word_lists: tuple[str, ...] = ()
    # Which of the reply's traces (`comments.rules.memory`) past spam left, by their kind.
    spam_traces: Mapping[str, str] = field(default_factory=dict)
    # How many replies came before from the same sender in this hour, and with the same text today.
    sent_this_hour: int = 0
    same_text_today: int = 0
