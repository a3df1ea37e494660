"""The acts on areas, agencies, people and their appointments. One act, one module."""
