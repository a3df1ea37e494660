"""Inviting, enrolling, and what a chief does to the accounts of the own unit. One act, one module."""
