"""The indicators, one file each: whatever module stands here is loaded at the start (`apps.py`).

How to add one is `docs/how-to/add-an-indicator.md`.
"""
