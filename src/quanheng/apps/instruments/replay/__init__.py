"""The ledger against the log of acts: what every act left behind is replayed and held against the rows.

| module | holds |
|---|---|
| `values` | when two values of a column are the same, however they are written |
| `fold` | acts in, in their order; out comes what the log says of one instrument |
| `compare` | what the log says against what the row says |
| `proofs` | what entered in bulk, held against its acts |
| `acts` | which acts there are, for a set of instruments |
| `check` | all of it, a set of instruments at a time |
| `beside` | what stands outside of the instruments' own rows: copies, codes, rows that belong to nobody |

What is not compared: which write of a row it was (`version`, `changed_at`), when a sheet last named it
(`seen_on`), and a column that an act from before acts told everything may have left behind; those are
counted, not passed over (ADR 0016).
"""
