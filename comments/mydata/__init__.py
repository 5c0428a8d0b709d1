"""What a reader may do with all replies left under one address, without an account: see, copy, rename, erase them.

Whoever opens the link that was sent to the address is its owner, as far as we know.
"""
