"""Notices in the app: who is told of what happened, what they have read, and for how long it is kept."""
