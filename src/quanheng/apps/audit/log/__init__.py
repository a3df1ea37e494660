"""The public log over the acts: an RFC 9162 tree in C2SP tiles, published as files outside the database.

| module | holds |
|---|---|
| `entries` | what the public log says of an act, and the salted hash over all that it does not say |
| `files` | what the log asks of the place where its files lie |
| `sealing` | waiting acts become leaves, tiles and a signed checkpoint |
| `health` | how long acts have been waiting, and which acts are refused when it is too long |
| `checking` | the database against the published files, row by row |
| `proving` | the proof that an act is in the log |
| `publishing` | the files written anew from the database |
"""
