"""A client that is made of the committed description, and of nothing else, by a partner's generator."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
from django.test import Client

DESCRIPTION = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
PACKAGE = "quanheng_api_client"


def generate(folder: Path) -> str:
    """Write the Python client into a folder; return what the generator had to say against the description."""
    made = subprocess.run(
        [Path(sys.executable).with_name("openapi-python-client"), "generate", "--path", DESCRIPTION,
         "--meta", "none", "--output-path", folder / PACKAGE],
        capture_output=True, text=True, check=True, env={"PATH": str(Path(sys.executable).parent)},
    )  # fmt: skip
    return made.stdout.replace(f"Generating {folder / PACKAGE}", "").strip() + made.stderr


class InProcess(httpx.BaseTransport):
    """Carries the client's requests to the platform in the same process."""

    def __init__(self) -> None:
        self.browser = Client(raise_request_exception=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name != "content-type"}
        answer = self.browser.generic(
            request.method, request.url.raw_path.decode(), request.read(),
            content_type=request.headers.get("content-type", ""), headers=headers,
        )  # fmt: skip
        return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


class Generated:
    """The generated client, asked by the names of operations and models.

    client("correct_instrument", 5, body=client.model("InstrumentChanges")(model="B"), …)
    """

    def __init__(self, token: str, address: str = "") -> None:
        """Make a client of a server at an address; without one, of the platform in this process."""
        library = importlib.import_module(PACKAGE)
        carried = {} if address else {"transport": InProcess()}
        self.client = library.AuthenticatedClient(
            base_url=address or "http://testserver", token=token, httpx_args=carried
        )
        self.models: ModuleType = importlib.import_module(f"{PACKAGE}.models")
        self.types: ModuleType = importlib.import_module(f"{PACKAGE}.types")

    def close(self) -> None:
        """Let its connections go."""
        self.client.get_httpx_client().close()

    def model(self, name: str) -> Any:
        return getattr(self.models, name)

    def __call__(self, tag: str, operation: str, *args: Any, **kwargs: Any) -> Any:
        """Call an operation; return status, parsed body and headers as the library has them."""
        module = importlib.import_module(f"{PACKAGE}.api.{tag}.{operation}")
        return module.sync_detailed(*args, client=self.client, **kwargs)
