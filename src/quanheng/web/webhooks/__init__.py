"""Where changes are sent: registered by the holder of a key, watched, paused and ended."""
