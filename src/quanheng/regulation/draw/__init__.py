"""Draws that anybody can recompute: which units are inspected, and by whom.

| step | module |
|---|---|
| 1. freeze the frame: canonical CSV, its SHA-256 | `frame` |
| 2. work out how many in each stratum, by the rule of the day | `quotas` |
| 3. publish the commitment before anybody can know the seed | `commitment` |
| 4. take the seed: a public beacon's round, or nonces that several parties had committed to | `seed` |
| 5. take the smallest tickets of each stratum; replace with the next ticket, with a reason | `tickets` |
| 6. match inspectors to tasks, conflicts left out | `matching` |
| 7. write the proof; recompute it and say what differs | `proof`, `verification` |
| 8. look whether the public log held the commitment before the seed was known | `publication` |

Nobody chooses anything after step 3, so that a draw is repeated only by repeating the same result.
"""
