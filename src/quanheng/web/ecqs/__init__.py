"""Files for e-CQS and from it: runs, export, import of results."""
