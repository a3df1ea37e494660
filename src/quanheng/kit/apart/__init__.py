"""Work apart: what strangers may ask for and what may cost much runs in a process with limits, not in a
thread that answers pages.

`nursery` is the process that is kept warm; it forks a child for each task. `asking` is how the rest asks:

    answer = APART.ask("quanheng.kit.pictures:re_encode_here", data, Limits(...), PHOTOS)
"""
