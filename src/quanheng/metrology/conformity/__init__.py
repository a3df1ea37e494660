"""Whether an instrument conforms: limits of error from rule packs, errors, decision rules.

| module | what |
|---|---|
| `limits` | bands of maximum permissible errors, read from a pack |
| `points` | one point of an examination and its verdict |
| `decision` | decision rules of JCGM 106 and JJF 1094, risks |
| `scales`, `fuel_dispensers`, `sphygmomanometers` | the procedures of their verification regulations |
| `tables` | every other instrument whose limits are a table |
"""
