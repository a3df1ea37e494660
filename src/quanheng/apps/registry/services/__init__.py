"""The duties of the registry: one official act, one module."""
