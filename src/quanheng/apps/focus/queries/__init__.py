"""What is asked of the focus list."""
