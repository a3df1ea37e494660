"""The duties of verification, one module each."""
