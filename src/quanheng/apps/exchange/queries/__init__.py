"""What the exchange with the national systems can be asked."""
