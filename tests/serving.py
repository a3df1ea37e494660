"""The real application on a port of this machine, office and public handler both."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler


@contextmanager
def serving() -> Iterator[str]:
    """Serve `config.wsgi.application`, which also answers the public's addresses, and yield its address."""
    from quanheng.apps.instruments.scan_counter import SCANS
    from quanheng.config.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:  # counts would be flushed when the test database is gone
        patch.setattr(SCANS, "count", lambda *_: None)
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
