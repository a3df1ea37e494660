"""How the threads of a web process are shared out (`runtime.web`, `web.lanes`, `kit.apart`)."""

THREADS = 10  # most of the time they wait for the database
BODIES = 6  # requests whose body is read at once; the other threads answer whoever only reads
BODIES_OF_ONE_ADDRESS = 4
PAGES = 2  # of the office that are made at once: one has the interpreter, the other waits for the database
