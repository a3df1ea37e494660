"""What can be wrong with a reading."""

from __future__ import annotations

from enum import IntFlag

from quanheng.packs.sentence import tell


class ReadingFlag(IntFlag):
    """One bit for each finding; a reading may have several."""

    MISSING = 1
    LATE = 2
    OUT_OF_ORDER = 4
    DUPLICATE = 8
    REPEATED = 16
    CLOCK = 32
    FROZEN = 64
    NEGATIVE_STEP = 128
    ROLLOVER = 256
    METER_SWAP = 512
    SPIKE = 1024
    UNIT_RATIO = 2048
    NO_VALUE = 4096


WORDS = {
    ReadingFlag.MISSING: tell("此前缺测：与上一读数的间隔过长"),
    ReadingFlag.LATE: tell("迟到：接收时刻晚于允许时限"),
    ReadingFlag.OUT_OF_ORDER: tell("乱序：时刻早于已收到的读数"),
    ReadingFlag.DUPLICATE: tell("重复：同一时刻有不同的示数"),
    ReadingFlag.REPEATED: tell("重发：同一时刻、同一示数"),
    ReadingFlag.CLOCK: tell("时钟偏差：表计时钟超前，或持续落后"),
    ReadingFlag.FROZEN: tell("冻结：有负荷而示数长时间不变"),
    ReadingFlag.NEGATIVE_STEP: tell("示数倒退"),
    ReadingFlag.ROLLOVER: tell("计度器回零"),
    ReadingFlag.METER_SWAP: tell("换表"),
    ReadingFlag.SPIKE: tell("突增：超过额定值"),
    ReadingFlag.UNIT_RATIO: tell("单位或倍率错误"),
    ReadingFlag.NO_VALUE: tell("无有效示数"),
}


def words_of(flags: int) -> tuple[str, ...]:
    """Return what a mask says, in Chinese."""
    return tuple(words for flag, words in WORDS.items() if flags & flag)
