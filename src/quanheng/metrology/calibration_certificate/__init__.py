"""What a digital calibration certificate (PTB DCC 3.x with D-SI quantities) says, as plain values.

`certificate` has the values, `checking` says what it must have before it is issued. XML, schemas and
signatures are adapters.
"""
