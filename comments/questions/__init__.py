"""Questions and answers of an article that staff make of a reader's reply and their own answer to it."""
