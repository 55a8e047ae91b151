-- needs: told
-- The events of each session in its order, with the running total of the active time.
SELECT
    student, notebook, session, seq, at_ms, uuid, kind, cell, test, summary, open_ms, error_of,
    received_ms, error_type, error_text, traceback,
    (status = 'error' OR kind = 'test_failed') AS is_bad,
    (kind = 'test_passed' AND test != '') AS is_pass,
    ((kind = 'cell_executed' AND status IN ('ok', 'error'))
        OR kind IN ('test_passed', 'test_failed')) AS is_attempt,
    (kind IN ('test_passed', 'test_failed')) AS is_test,
    if(kind IN ('test_passed', 'test_failed'), test, cell) AS item,
    min(at_ms) OVER (PARTITION BY student, notebook, session) AS begun_ms,
    max(received_ms) OVER (PARTITION BY student) AS heard_ms,
    -- The sum at a session's end is no part of it: a page that is left may tell it late.
    max(if(kind = 'session_ended', 0, active_ms)) OVER (
        PARTITION BY student, notebook, session ORDER BY seq, at_ms, uuid
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS total_ms
FROM told
