"""Telling, reading, choosing, forgetting."""
