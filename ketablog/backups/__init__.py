"""Backups: database and media in one verified file, taken while the site runs, and how one is restored.

A backup holds no keys and no sessions: who steals one can open no mail address and be nobody of the staff with it.
"""


class BackupFailed(Exception):
    """It could not be done. The message is a sentence for the technician: what is wrong, what was kept, what to do."""
