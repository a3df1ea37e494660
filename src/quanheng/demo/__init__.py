"""The demonstration province: Sichuan, with a ledger that is shaped like a real one and is not real."""
