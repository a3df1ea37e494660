"""Is a reading worth believing: checks of readings as they come, channel by channel, batch by batch.

`register_checks` judges the readings of cumulative registers (electricity, gas, water, fuel) and carries a
state; `balance` compares what went in with what came out. A check only flags: nothing is dropped, changed or
filled here.
"""
