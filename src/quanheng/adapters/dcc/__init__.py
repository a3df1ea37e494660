"""Digital calibration certificates (PTB DCC 3.0 to 3.4 with D-SI) as XML: read, written, signed, verified.

`documents` parses bytes that nobody trusts yet, `signatures` returns the signed part of them, `reading` and
`writing` turn them into a `CalibrationCertificate` and back, `schemas` asks the XSD when there is one.
"""
