"""From an uploaded spreadsheet to the ledger: receive, read, preview, commit, undo.

receive   the file is kept under its hash, the run waits for a worker
reading   rows are normalised and checked (ledger_sheet), clean ones are staged, faulty ones told
commit    staged rows enter the ledger in chunks; each chunk is one transaction and one act
undo      the run is taken back as a whole while nothing stands on it
work      one advisory lock per run: whoever holds it carries the run on, also after a crash
"""
