"""Calculations that anybody may ask for: one case in, one result out, with every number that led to it.

Each module is one kind: the case and the result as models, a worked example, and a function that hands the
case to `regulation` or `metrology`. The shell, API v1 and the public pages all call `evaluate`.
"""
