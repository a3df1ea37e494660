"""The science as plain Python and NumPy: no Django, no input or output, no clock, no chance."""
