"""The duties of the ledger: one official act, one module. `ls` reads like the office's list of duties."""
