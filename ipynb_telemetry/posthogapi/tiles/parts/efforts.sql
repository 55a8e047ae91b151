-- needs: steps
-- The runs, test results and solutions of students, each with its exercise and the active time
-- before it. `passes` counts the passes of the test up to this event, over all sessions.
SELECT
    student, notebook, session, seq, at_ms, uuid, kind, cell, test, summary, open_ms, error_of,
    received_ms, error_type, error_text, traceback, is_bad, is_pass, is_attempt, is_test, item,
    begun_ms, heard_ms, total_ms,
    transform(
        concat(if(is_test, 'test', 'cell'), '\n', notebook, '\n', item),
        __items__, __labels__,
        if(is_test AND NOT has(__outlined__, notebook), test, '')
    ) AS exercise,
    if(is_attempt, total_ms - maxIf(total_ms, is_attempt) OVER (
        PARTITION BY student, notebook, session ORDER BY seq, at_ms, uuid
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS spent_ms,
    countIf(is_pass) OVER (
        PARTITION BY student, notebook, is_test, item ORDER BY begun_ms, session, seq, at_ms, uuid
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS passes,
    countIf(is_pass) OVER (
        PARTITION BY student, notebook, is_test, item, session ORDER BY seq, at_ms, uuid
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS passes_here,
    countIf(is_pass) OVER (PARTITION BY student, notebook, is_test, item) AS passes_in_all
FROM steps
WHERE is_attempt OR kind IN ('solution_peek', 'solution_closed')
