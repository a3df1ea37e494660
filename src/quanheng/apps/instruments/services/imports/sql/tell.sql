-- What is told of rows, as one JSON list: thousands of rows with notices are common.
INSERT INTO instruments_importrow (run_id, position, number, sheet, action, label, fields, reason, notice)
SELECT %s, told.*
FROM jsonb_to_recordset(%s) AS told (position int, number int, sheet text, action text, label text, fields text[],
                                     reason text, notice text)
ON CONFLICT DO NOTHING
