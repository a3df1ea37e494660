"""Long tasks: one's own, the page of any of them, its file, its end before its time."""
