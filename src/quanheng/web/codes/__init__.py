"""Codes: batches of blank ones, binding on site, the register of all that were issued."""
