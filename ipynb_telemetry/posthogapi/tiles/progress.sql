-- needs: works
SELECT
    concat(if({variables.telemetry_notebook} = '', concat(notebook, ': '), ''), exercise)
        AS exercise_name,
    student,
    multiIf(
        is_passed AND peeks > 0 AND first_peek_ms < passed_ms, 3,
        is_passed, 4,
        is_failing, 1,
        2
    ) AS state
FROM works
WHERE runs + tries > 0
ORDER BY notebook, number, exercise, student
LIMIT 50000
