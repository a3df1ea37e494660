"""Printing labels: choose the paper with a picture of it, print a few at once or many by a job."""
