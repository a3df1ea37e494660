"""What the procedure of verification can be asked."""
