"""What a complete examination holds, by the template of its verification regulation.

| module | holds |
|---|---|
| `template` | the tests, checks and clauses of one regulation, read from a rule pack ``examination/<item>`` |
| `completeness` | what an examination still lacks, and which clause lets it hold less |
| `listed` | verdicts on readings whose limits stand in the template itself |
"""
