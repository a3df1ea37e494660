"""The command `quanheng`: `up`, and every management command by its own name.

    quanheng up
    quanheng import-ledger ledger.xlsx --dry-run      the command import_ledger of whichever app has it

A command works on the database of DATABASE_URL or on the embedded one, which is started for its time when
nothing else has started it. One that needs no database needs no installation, and makes none where it runs.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import defaultdict

from quanheng.config.environment import ConfigurationMissing, leave_no_trace, read_environment
from quanheng.runtime import up
from quanheng.runtime.account import NotPossible
from quanheng.runtime.backup import make, restore
from quanheng.runtime.database import database

PLATFORM = {"up": up.main, "backup": make.main, "restore": restore.main}
# Django's own commands that an operator has a use for; the others work, but are not listed.
LISTED = {
    "migrate": "bring the database to the version of the code",
    "shell": "Python with the platform loaded",
    "check": "look for faults in the settings",
}
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "dcc",
    "diffsettings",
    "evaluate",
    "findstatic",
    "makemessages",
    "openapi",
    "version",
}
OFFLINE_STEPS = {("log", "verify"), ("log", "key"), ("draw", "make"), ("draw", "verify")}
AS_OWNER = {"dbshell", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 not possible as things are set."""
    words = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    try:
        if not words or words[0] in {"help", "--help", "-h"}:
            print(overview())
            return 0
        if words[0] in PLATFORM:
            return PLATFORM[words[0]](words[1:])
        return run(words[0].replace("-", "_"), words[1:])
    except (ConfigurationMissing, NotPossible) as refusal:
        print(f"quanheng: {refusal}", file=sys.stderr)
        return 2


def run(command: str, arguments: list[str]) -> int:
    """Run a management command on a database that is there and up to date."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the database is left in order
    offline = (command, *arguments[:1]) in OFFLINE_STEPS
    if command in WITHOUT_DATABASE or offline or "--help" in arguments:
        leave_no_trace()
        return _execute(command, arguments)
    with database(read_environment()) as is_embedded:
        if command in AS_OWNER:
            os.environ["QUANHENG_DATABASE_ROLE"] = "owner"
        else:
            _require_migrated(apply=is_embedded)
        return _execute(command, arguments)


def _execute(command: str, arguments: list[str]) -> int:
    from django.core.management import ManagementUtility

    try:
        ManagementUtility(["quanheng", command, *arguments]).execute()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _require_migrated(*, apply: bool) -> None:
    import django

    django.setup(set_prefix=False)
    from quanheng.runtime.migrate import migrate, pending

    if apply:
        migrate()
    elif count := pending():
        raise NotPossible(f"The database lacks {count} migrations: run `quanheng migrate`.")


def overview() -> str:
    """Return the list of commands, grouped by the app that has them."""
    import django
    from django.core.management import get_commands, load_command_class

    leave_no_trace()
    django.setup(set_prefix=False)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    groups["platform"] = [
        ("up", "run the whole platform in the foreground (--demo: with a demonstration province)"),
        ("backup", "copy database, files, public log and keys into a new folder, and check the copy"),
        ("restore", "make the platform again from a backup, where there is none yet"),
    ]
    for name, app in sorted(get_commands().items()):
        if str(app).startswith("quanheng."):
            help_text = load_command_class(str(app), name).help
            groups[str(app).rpartition(".")[2]].append((name.replace("_", "-"), help_text.partition("\n")[0]))
    groups["platform"] += LISTED.items()
    lines = ["quanheng COMMAND [--help]", ""]
    for group, commands in groups.items():
        lines += [group, *(f"  {name:<22} {text}" for name, text in commands), ""]
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    sys.exit(main())
