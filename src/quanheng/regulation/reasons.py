"""Whether a reason says why somebody looks at another person's data (个人信息保护法 arts. 6, 51).

The law asks for a definite purpose; that a reason names one cannot be proved by a machine, but that it names
none can: nothing is left of it when the words are taken out that fit every case.
"""

from __future__ import annotations

import unicodedata

LEAST_SIGNS, LEAST_DISTINCT, LEAST_LEFT = 4, 3, 2
FITS_EVERY_CASE = (
    "个人信息", "工作需要", "业务需要", "因工作", "看一下", "看一看", "批量", "查看", "查询", "查一下",
    "测试", "工作", "需要", "看看", "了解", "情况", "信息", "电话", "手机", "号码", "联系", "姓名", "事由",
    "原因", "其他", "办理", "业务", "使用", "日常", "随便", "没有",
    "test", "testing", "check", "batch", "reason", "phone", "none",
)  # fmt: skip


def says_nothing(reason: str) -> bool:
    """Say whether a reason is too short, one sign over and over, or only words that fit every case."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", reason).lower() if sign.isalpha())
    if len(letters) < LEAST_SIGNS or len(set(letters)) < LEAST_DISTINCT:
        return True
    for word in sorted(FITS_EVERY_CASE, key=len, reverse=True):
        letters = letters.replace(word, "")
    return len(letters) < LEAST_LEFT
