"""The unprivileged account that PostgreSQL needs: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "quanheng"


class NotPossible(Exception):
    """The platform cannot start here; the message says what to set or to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the database: ourselves, or, when we are root, the system user `quanheng`."""

    uid: int
    gid: int
    switched: bool

    def popen_options(self) -> dict[str, Any]:
        """Return the arguments with which subprocess changes to the account."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Say whether the account may walk to this directory: a checkout below /root is closed to it."""
        if not self.switched:
            return True
        test = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(path)], stderr=subprocess.DEVNULL,
                              check=False, cwd="/", **self.popen_options())  # fmt: skip
        return test.returncode == 0

    def own(self, path: Path) -> None:
        """Hand a file or directory to the account."""
        if self.switched:
            os.chown(path, self.uid, self.gid)


def database_account(data: Path) -> Account:
    """Return the account that may run PostgreSQL: as root, whoever owns the data, or a user made for it.

    Raises:
        NotPossible: root without the tool that creates users.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switched=True)
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _create()
    return Account(entry.pw_uid, entry.pw_gid, switched=True)


def _create() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise NotPossible(
            f"PostgreSQL refuses to run as root and `useradd` is missing. Create a user {NAME!r}, "
            "start the platform as another user, or set DATABASE_URL."
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
               "--shell", "/usr/sbin/nologin", NAME]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(NAME)  # another process may have been faster
    except KeyError:
        raise NotPossible(f"Cannot create the system user {NAME!r}: {made.stderr.strip()}") from None
