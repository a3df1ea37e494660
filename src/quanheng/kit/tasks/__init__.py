"""Long tasks: work that somebody asks for and a worker does, such as an import, an export, a print.

    class Stocktake(LongTask): ...                      its row: who asked, how far it is, how it ended
    STOCKTAKE = declare(Kind("stocktake", …, Stocktake))    apps/<app>/tasks.py
    done_by(STOCKTAKE, count)                           what a worker does; where it stands is free
    queue_task(STOCKTAKE, task)                         in the transaction of the act that asks for it

States, tries, the resume after a kill, cancelling, the files' end, the page and the line on the desk are the
same for all of them: docs/how-to/add-a-long-task.md, and docs/decisions/0027 for why.
"""

from quanheng.kit.tasks.kinds import Kind, declare, kind_of, kinds
from quanheng.kit.tasks.model import TO_DO, LongTask, Progress
from quanheng.kit.tasks.moving import TaskCancelled, advance, cancel_task, finish, note, queue_task
from quanheng.kit.tasks.states import AT_WORK, OVER, TaskState, tone_of

__all__ = [
    "AT_WORK", "OVER", "TO_DO", "Kind", "LongTask", "Progress", "TaskCancelled", "TaskState", "advance",
    "cancel_task", "declare", "finish", "kind_of", "kinds", "note", "queue_task", "tone_of",
]  # fmt: skip
