"""The acts on the focus list, one module each."""
