"""Rates from samples of a register: how large, how sure, and how a sample is shared out among strata.

A sample that was aimed at risk must be weighted by the inverse of its inclusion probabilities before a rate
is published (`weighted_rate`); its plain hit rate says how well it was aimed, not how many comply.
"""
