"""What half-year reports can be asked."""
