"""How long an instrument may go between calibrations, by what earlier ones found (ILAC-G24, OIML D 10).

| known of each calibration | method | module |
|---|---|---|
| in tolerance or not, after about the same interval | NCSLI RP-1 A3 | `attributes` |
| the change since the one before, after different intervals | NASA-HDBK-8739.19-5, 7 | `drift` |

For calibration intervals that a laboratory or a user sets for itself. The period of a compulsory
verification is the regulation's, and no analysis makes it longer.
"""
