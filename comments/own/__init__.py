"""The writer's own page for one reply: its state, a change, taking it back, a copy of what is stored.

Whoever has the address of the page is its writer, as far as we know; docs/decisions/0014-own-page.md.
"""
