"""Acts of the exchange with the national systems: one duty, one module."""
