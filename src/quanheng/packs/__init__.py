"""Rule packs: every limit, table, period and percentage as dated data, and how it is read.

`rule_pack` and `case_fault` are plain values that the law and the science stand on. `shipped` reads the files
under `data/`; it is the only module here that touches the world, and the pure rooms may not import it.
"""
