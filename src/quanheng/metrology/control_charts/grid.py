"""Readings as a grid: one row a channel, one column a point in time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LARGEST_GRID = 2**27  # cells; a gigabyte


def as_rows(values: ArrayLike) -> Floats:
    """Return readings as (channels, samples); one series is one channel.

    Raises:
        CaseFault: they are neither one series nor one row a channel.
    """
    rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if rows.ndim != 2:
        message = "读数应为一列数，或每个通道一行的二维表。"
        raise CaseFault("readings", "wrong_shape", message, shape=rows.shape)
    return rows


def check_state(known: int, channels: int) -> None:
    """Refuse the state of other channels.

    Raises:
        CaseFault: it has more or fewer of them.
    """
    if known != channels:
        message = tell("状态有 {known} 个通道，读数有 {channels} 个。", known=known, channels=channels)
        raise CaseFault("state", "wrong_shape", message, known=known, channels=channels)


def per_channel(values: ArrayLike, channels: int, field: str) -> Floats:
    """Return one number for each channel.

    Raises:
        CaseFault: there are neither one nor as many as channels.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape not in {(), (1,), (channels,)}:
        message = tell(
            "应为 1 个数或每通道 1 个（共 {channels} 个），现有 {shape}。",
            channels=channels,
            shape=numbers.shape,
        )
        raise CaseFault(field, "wrong_shape", message, shape=numbers.shape)
    return np.broadcast_to(numbers, (channels,))


def as_grid(channel: NDArray[Any], values: ArrayLike, channels: int) -> tuple[Floats, Integers]:
    """Lay readings that came in a row, each with the index of its channel, out as a grid.

    Returns:
        The grid, NaN where a channel has fewer readings than another, and the column of each reading:
        ``flags[channel, column]`` are the flags in the order in which the readings came.

    Raises:
        CaseFault: one channel has so many readings that the grid would be too large; cut the batch.
    """
    counts = np.bincount(channel, minlength=channels)
    longest = int(counts.max(initial=0))
    if longest * channels > LARGEST_GRID:
        message = tell(
            "一批中有的通道多达 {longest} 个读数，请分成较小的批次；分批不改变结果。", longest=longest
        )
        raise CaseFault("readings", "batch_too_uneven", message, longest=longest)
    order = np.argsort(channel, kind="stable")
    starts = np.cumsum(counts) - counts
    column = np.empty(len(channel), dtype=np.int64)
    column[order] = np.arange(len(channel)) - starts[channel[order]]
    grid = np.full((channels, longest), np.nan)
    grid[channel, column] = values
    return grid, column


def is_complete(values: Floats) -> bool:
    """Whether every reading is a finite number."""
    return values.size == 0 or bool(np.isfinite(values.min()) and np.isfinite(values.max()))


def packed(values: Floats) -> tuple[Floats, Integers]:
    """Move the readings that are there to the left, and count them.

    Returns:
        The packed rows, NaN behind the last reading, and for each cell of values how many readings of its
        row are there up to it, itself included.
    """
    present = np.isfinite(values)
    so_far = np.cumsum(present, axis=1, dtype=np.int64)
    longest = int(so_far[:, -1].max(initial=0)) if values.shape[1] else 0
    left = np.full((len(values), longest), np.nan)
    row, _ = np.nonzero(present)
    left[row, so_far[present] - 1] = values[present]
    return left, so_far


def last_columns(history: Any, rows: Any, counts: Integers) -> Any:
    """Return the last columns of each row, as many as history has, when only counts of its rows are there."""
    width = history.shape[1]
    joined = np.concatenate([history, rows], axis=1)
    return np.take_along_axis(joined, counts[:, None] + np.arange(width), axis=1)
