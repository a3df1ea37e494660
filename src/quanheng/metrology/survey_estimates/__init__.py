"""Rates from samples of a register: how large, how sure, and how a sample is shared out among strata.

| drawn | estimate |
|---|---|
| units, in strata | `rates.stratified_rate` |
| units, with chances that follow their risk | `rates.weighted_rate` |
| whole clusters (all dispensers of a station), in strata | `clusters.stratified_cluster_rate` |

A sample that was aimed at risk must be weighted by the inverse of its inclusion probabilities before a rate
is published (`weighted_rate`); its plain hit rate says how well it was aimed, not how many comply. What takes
units for independent asks how they were drawn and refuses clusters (`selection`).
"""
