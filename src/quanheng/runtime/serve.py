"""What every web worker loads: the application, in a process that does not outlive its master.

An orphan would keep its share of the connections (SO_REUSEPORT) and answer them with yesterday's code.
"""

import gc
import sys

from quanheng.runtime.processes import exit_when_orphaned

exit_when_orphaned()
# A scan waits that long for each thread that is busy with somebody's form; five milliseconds are the default.
sys.setswitchinterval(0.0005)

from quanheng.config.wsgi import application  # noqa: E402, F401
from quanheng.kit.pace import PACES  # noqa: E402

PACES.start()
# What is loaded stays until the end. The collector walks none of it again (a full walk takes a tenth of a
# second, in which no thread of the process answers), and looks less often at the objects of a request.
gc.collect()
gc.freeze()
gc.set_threshold(25_000, 20, 20)
