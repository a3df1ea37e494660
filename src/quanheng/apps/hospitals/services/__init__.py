"""The acts on half-year reports, one module each."""
