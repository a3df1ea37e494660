"""Net content of prepackaged goods (JJF 1070; OIML R 87; the EU, New Zealand and US plans).

| module | what |
|---|---|
| `quantities` | kinds of nominal quantities and their units |
| `deficiency` | tolerable deficiency T of a nominal quantity, with both roundings |
| `sampling` | sampling plans and the factor of the mean test |
| `tare` | net content from gross weighings; volume by weighing |
| `lot` | the verdict on a lot, with every number that led to it |
| `label` | the statement of net content on the label |
"""
