"""What goes in and what comes out, field by field: the allow-list of the API."""
