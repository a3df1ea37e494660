"""Evaluation of measurement uncertainty: GUM (JCGM 100), Monte Carlo (JCGM 101), several outputs (JCGM 102).

`equation` reads the measurement model, `budget` holds what is known about its inputs, `propagation` carries
the uncertainties through by the law of propagation, `monte_carlo` carries the distributions through,
`coverage` states intervals and says whether the one confirms the other, `report` writes the outcome.
"""
