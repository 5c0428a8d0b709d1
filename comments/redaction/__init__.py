"""Personal data in a reply: shown to its writer before sending, marked for moderators, taken out, or let through."""
