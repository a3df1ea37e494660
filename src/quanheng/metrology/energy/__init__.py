"""Energy as the energy metering rules count it.

| module | answers | after |
|---|---|---|
| `standard_coal` | how many tonnes of standard coal were used | GB/T 2589 |
| `fitting_rate` | are there meters enough where the rule asks for them | GB 17167, 4.3.3 |
| `meters` | is each meter good enough, and was it verified on every day | GB 17167, 4.3.8 |
| `online_rate` | how much of it arrives online | the plan's target T7 |

Whether what went in came out is `metrology.reading_quality.balance`.
"""
