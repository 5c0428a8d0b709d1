"""Who wrote a reply, as far as the site knows: by a key in the reader's browser, never by what is typed."""
