"""Figures of the indicators: counted on a day, frozen as published, and the rows behind them."""
