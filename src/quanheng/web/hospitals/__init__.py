"""医疗机构半年报告: what a hospital reports of its instruments, and what the office says to it."""
