"""The acts of the indicators: freezing what was published, recounting what is summed up."""
