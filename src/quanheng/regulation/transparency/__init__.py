"""The public log as plain calculations: what is hashed, how it is published, how anybody checks it.

| module | holds | after |
|---|---|---|
| `tree` | hashing, heads, inclusion and consistency proofs and their verification | RFC 9162 section 2.1 |
| `frontier` | what is kept of a tree to append to it: its O(log n) right edge | compact ranges |
| `tiles` | the tree as static files, and proofs read back from them | C2SP tlog-tiles |
| `notes` | signed notes, Ed25519 keys, witnesses' cosignatures | C2SP signed-note, tlog-cosignature |
| `checkpoints` | the head that a log signs | C2SP tlog-checkpoint |
| `evidence` | one proof as one text that is checked without a network | C2SP tlog-proof |

Nothing here signs, fetches or knows the time: those come in as arguments.
"""
