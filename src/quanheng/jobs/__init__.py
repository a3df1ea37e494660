"""Periodic and queued work: thin loops over services.

A module here holds the tasks of one subject; it is found by itself. A task is named after its module and
function, for example `quanheng.jobs.imports.commit`, and is queued by that name from inside the
transaction of the act (`kit.queue.defer`): it runs when the act commits, and never without it.
"""
