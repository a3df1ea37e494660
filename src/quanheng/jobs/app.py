"""Finding the tasks. Called by procrastinate when Django is ready, in every process."""

from __future__ import annotations

import pkgutil

import procrastinate

import quanheng.jobs

WIRING = {"app", "apps"}


def load_tasks(app: procrastinate.App) -> None:
    """Have the worker import every module of this package, so that its tasks are known."""
    app.import_paths = task_modules()


def task_modules() -> list[str]:
    """Return the modules that hold tasks."""
    found = pkgutil.walk_packages(quanheng.jobs.__path__, f"{quanheng.jobs.__name__}.")
    return sorted(module.name for module in found if module.name.rsplit(".", 1)[1] not in WIRING)
