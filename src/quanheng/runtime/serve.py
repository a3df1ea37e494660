"""What every web worker loads: the application, in a process that does not outlive its master.

An orphan would keep its share of the connections (SO_REUSEPORT) and answer them with yesterday's code.
"""

from quanheng.runtime.processes import exit_when_orphaned

exit_when_orphaned()

from quanheng.config.wsgi import application  # noqa: E402, F401
from quanheng.kit.pace import PACES  # noqa: E402

PACES.start()
