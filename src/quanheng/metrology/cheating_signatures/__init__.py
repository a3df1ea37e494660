"""Signs of manipulation in the data of fuel dispensers and scales.

Each function weighs one sign and returns a `Suspicion`: how likely an honest instrument is to show such data
by chance, and why. It is never a verdict: only a test by the verification regulation is. With many
instruments some honest ones look strange, so `ranked` orders suspicions and keeps the share of false ones in
the queue low.
"""
