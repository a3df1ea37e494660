"""Calculators for anybody: a form made for the person, the case behind it, a report to print.

A calculator turns its form into a case of `quanheng.calculations` and the result into a `report.Report`. It
knows no rule and no number; the same case gives the same result in the shell and through the API.
"""
