"""Static files under addresses that carry their content's hash: a browser keeps each for a year.

`make setup` collects them (`quanheng collectstatic`), with a compressed twin beside each.
"""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage. A page that names a file that is not there is refused, wherever it was collected.

    In a checkout where nothing has been collected yet addresses are plain; the files are served all the same.
    """

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name
