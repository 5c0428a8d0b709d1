"""Notices by mail to the writers of replies: that theirs is public, and that somebody answered it."""
