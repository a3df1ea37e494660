-- What is told of rows, as one JSON list: thousands of rows with notices are common.
INSERT INTO instruments_importrow (run_id, position, number, sheet, action, label, fields, reason, notice,
                                   notice_fields)
SELECT %s, position, number, sheet, action, label, fields, reason, notice, coalesce(notice_fields, '{}')
FROM jsonb_to_recordset(%s) AS told (position int, number int, sheet text, action text, label text, fields text[],
                                     reason text, notice text, notice_fields text[])
ON CONFLICT DO NOTHING
