"""Control charts over many channels at once, which also carry their state from batch to batch.

Every chart takes readings of shape (channels, samples), or (samples,) for one channel, time going along
the last axis, and a state; it returns what it found and the next state. Whatever way a series is cut into
batches, the flags are the same. A reading that is not a finite number is missing: it is no point of the
chart, is never flagged, and the chart steps over it (`reading_quality` is where a gap is noticed).

A chart assumes independent points. Readings of a process with memory go through residuals or batch means
first, or the chart cries wolf (ISO 7870-1).
"""
