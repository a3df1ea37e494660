"""Settings, URLs and WSGI: how the rooms are put together."""
