"""Django's backend for PostgreSQL, where not every thread waits for a database that is away."""
