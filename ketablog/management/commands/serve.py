import hashlib
import os
import shlex
import sys
from argparse import ArgumentParser
from ipaddress import ip_address
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from ketablog import production, serving


class Command(BaseCommand):
    help = (
        "Bring database and static files up to date, then run the web server and the task worker until either "
        "ends or Ctrl-C. With DEBUG on, both start again whenever a file changes."
    )

    has_prepared = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Leave an empty site empty.")
        parser.add_argument("--only-prepare", action="store_true", help="Stop before anything is served.")

    def handle(self, *, no_demo: bool, only_prepare: bool, **options) -> None:
        try:
            if not only_prepare:
                serving.require_free(settings.HOST, settings.PORT)
            connection.ensure_connection()
        except serving.PortRefused as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError("The database does not answer. Is it running, and is DATABASE_URL right?") from error
        self.migrate()
        if not no_demo:
            self.load_demo_once()
        if not settings.DEBUG:
            self.collect_static_files()
            for path in settings.READ_AT_START:  # Leaves on disk what takes long to be made.
                import_string(path)()
        if not only_prepare:
            self.serve()

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.has_prepared = True
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, interactive=False)

    def load_demo_once(self) -> None:
        models = [apps.get_model(settings.AUTH_USER_MODEL), apps.get_model("posts.Post")]
        if not any(model._default_manager.exists() for model in models):
            self.has_prepared = True
            call_command("load_demo", stdout=self.stdout)

    def collect_static_files(self) -> None:
        """Hashing and compressing takes ten seconds, so it is done only where a file is another one than last time."""
        found = [(path, storage) for finder in get_finders() for path, storage in finder.list([])]
        states = sorted((path, str(storage.get_modified_time(path)), storage.size(path)) for path, storage in found)
        digest = hashlib.sha256(repr(states).encode()).hexdigest()
        mark = Path(settings.STATIC_ROOT) / "collected.txt"
        if mark.exists() and mark.read_text() == digest:
            return
        self.has_prepared = True
        self.stdout.write("Compressing the static files …")
        call_command("collectstatic", verbosity=0, interactive=False)
        mark.write_text(digest)

    def serve(self) -> None:
        """Becomes the process that watches over server and worker; does not return."""
        self.say_who_may_come()
        self.stdout.flush()
        connections.close_all()
        os.chdir(settings.BASE_DIR)
        if not settings.DEBUG and not self.has_prepared:
            sys.exit(production.main())
        # Begun anew, without what preparing left in memory.
        program = [sys.executable, "-m", "ketablog.production"]
        if settings.DEBUG:
            manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
            web = [*manage, "runserver", f"{serving.bracketed(settings.HOST)}:{settings.PORT}"]
            worker = [*manage, "db_worker", "--no-startup-delay"]
            program = [sys.executable, "-m", "ketablog.serving", shlex.join(web), shlex.join(worker)]
        os.execv(sys.executable, program)  # noqa: S606 (our own program)

    def say_who_may_come(self) -> None:
        try:
            open_to_all = ip_address(settings.HOST.strip("[]")).is_unspecified
        except ValueError:
            return
        if open_to_all:
            names = ", ".join(dict.fromkeys(settings.ALLOWED_HOSTS))
            self.stdout.write(
                f"Open to other machines, and answering to these names only: {names}. "
                "For another one set SITE_URL to the address people use."
            )
