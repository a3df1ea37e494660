"""The bell of the header, the list behind it, and what somebody wants to be told."""
