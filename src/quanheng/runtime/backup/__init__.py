"""All that the platform keeps, written into a folder, and the platform made from it again.

| module | holds |
|---|---|
| `folder` | what lies in the folder, and the manifest by which each byte of it is checked |
| `keys` | the keys, under a passphrase |
| `dump` | PostgreSQL's own tools, run so that they write every row or fail |
| `make` | `quanheng backup DIR` |
| `restore` | `quanheng restore DIR` |

Why it is made this way: ADR 0017.
"""
