"""Code that nobody calls is gone: vulture over `src/`, less what a framework calls by its name.

Of the pure rooms `test_doors.py` says the same more sharply. Fields of models, schemas and forms are data,
members of enumerations are values: both may stand without being named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vulture import Vulture

from tests.architecture.source import PACKAGE, modules

CODE = {"function", "method", "property", "class", "variable"}
PURE = ("metrology", "regulation")
WRITTEN = {".html", ".txt", ".xml", ".sql", ".js", ".mjs"}
DECORATED = ["@*.get", "@*.post", "@*.patch", "@*.put", "@*.delete", "@*.exception_handler", "@*.filter"]
DECORATED += ["@*.simple_tag", "@*.inclusion_tag", "@*.task", "@*.periodic", "@reads", "@writes"]
CALLED_BY_NAME = {
    # Django: commands, applications, forms, model fields, sessions, managers, middleware, uploads, widgets
    "Command", "add_arguments", "urlpatterns", "from_db_value", "value_to_string", "get_db_prep_value",
    "_check_str_default_value", "get_queryset", "use_in_migrations", "get_by_natural_key", "process_view",
    "get_session_store_class", "get_model_class", "USERNAME_FIELD", "EMAIL_FIELD", "receive_data_chunk",
    "file_complete", "raw_data", "value_from_datadict", "value_omitted_from_data",
    # allauth's adapters
    "is_open_for_signup", "pre_authenticate", "_rollback_login_failed_rl_usage", "authentication_failed",
    "respond_user_inactive", "pre_social_login",
    # django-ninja's parser and operations; Python's own
    "parse_body", "get_openapi_operation_id", "__init_subclass__", "__call__",
}  # fmt: skip
PATTERNS = re.compile(r"(clean|resolve|test)_\w+|\w+Config")
KEYED = "PickerSource"
"""Remote pickers are found by their key."""


def test_no_function_class_or_constant_of_ours_is_unused() -> None:
    assert list(_unused()) == []


def _unused() -> Iterator[str]:
    search = Vulture(ignore_decorators=DECORATED)
    search.scavenge([str(PACKAGE)], exclude=["*/migrations/*", "*/config/settings.py"])
    known = CALLED_BY_NAME | _names_in_other_files() | _names_in_strings() | _pickers()
    for found in search.get_unused_code(min_confidence=60):
        if _is_code(found) and found.name not in known and not PATTERNS.fullmatch(found.name):
            yield f"{found.filename.relative_to(PACKAGE)}:{found.first_lineno} {found.typ} {found.name}"


def _is_code(found: Any) -> bool:
    path, kind, name = Path(found.filename), found.typ, found.name
    if path.relative_to(PACKAGE).parts[0] in PURE or kind not in CODE:
        return False
    return kind != "variable" or (name.isupper() and name in _constants(path))


def _constants(path: Path) -> set[str]:
    """Return the names that a module assigns outside of its classes and functions."""
    body = ast.parse(path.read_text()).body
    targets = [name for each in body if isinstance(each, ast.Assign) for name in each.targets]
    return {name.id for name in targets if isinstance(name, ast.Name)}


def _names_in_other_files() -> set[str]:
    """Return every word of templates, scripts and SQL, and of migrations, which are the history's."""
    files = [path for path in PACKAGE.rglob("*") if path.suffix in WRITTEN]
    files += PACKAGE.rglob("migrations/*.py")
    return {word for path in files for word in re.findall(r"\w+", path.read_text())}


def _names_in_strings() -> set[str]:
    """Return the words of strings that name something: ``package.module:function``, ``field_name``."""
    strings = (
        node.value
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {word for text in strings if " " not in text for word in re.findall(r"\w+", text)}


def _pickers() -> set[str]:
    classes = (
        node
        for path in modules()
        if path.name == "pickers.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    )
    return {node.name for node in classes if any(getattr(base, "id", "") == KEYED for base in node.bases)}
