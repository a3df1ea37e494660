"""What the ledger can be asked."""
