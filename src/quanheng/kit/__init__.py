"""Django helpers without a word of metrology."""
