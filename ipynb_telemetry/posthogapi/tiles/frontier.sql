-- needs: works, known, pupils
SELECT
    concat(if({variables.telemetry_notebook} = '' AND notebook NOT IN ('~1', '~2'),
        concat(notebook, ': '), ''), exercise) AS exercise_name,
    sum(here_now) AS here,
    sum(solved_now) AS solved
FROM (
    SELECT notebook, number, exercise, 0 AS here_now, 0 AS solved_now
    FROM known
    UNION ALL
    SELECT notebook, number, exercise, 0 AS here_now, 1 AS solved_now
    FROM works
    WHERE is_passed
    UNION ALL
    -- Where each student is: at what was tried last; once that is passed, at the next that is not.
    SELECT
        multiIf(not_started, '~1', following.2 = '', '~2', place.1) AS notebook,
        following.1 AS number,
        multiIf(not_started, 'not started', following.2 = '', 'done', following.2) AS exercise,
        1 AS here_now,
        0 AS solved_now
    FROM (
        SELECT
            latest.not_started AS not_started,
            latest.place AS place,
            arrayFirstIndex(row -> row.2 = place.2, listed.rows) AS rank,
            NOT has(latest.passed, place) AS is_there,
            arrayFirst(
                row -> NOT has(latest.passed, (place.1, row.2)) AND row.3 >= 0,
                arrayConcat(
                    arraySlice(listed.rows, if(is_there, rank, rank + 1), if(is_there, 1, 1000)),
                    arrayFilter(row -> row.3 > 0, arraySlice(listed.rows, 1, rank - 1))
                )
            ) AS following
        FROM (
            SELECT
                student,
                countIf(is_tried) = 0 AS not_started,
                argMaxIf((notebook, exercise), (last_attempt_ms, last_ms, number), is_tried)
                    AS place,
                groupArrayIf((notebook, exercise), is_passed) AS passed
            FROM (
                SELECT student, notebook, exercise, number, last_attempt_ms, last_ms, is_passed,
                    (runs + tries > 0) AS is_tried
                FROM works
                UNION ALL
                SELECT student, '' AS notebook, '' AS exercise, 0 AS number, 0 AS last_attempt_ms,
                    0 AS last_ms, 0 AS is_passed, 0 AS is_tried
                FROM pupils
            )
            GROUP BY student
        ) AS latest
        LEFT JOIN (
            SELECT notebook, arraySort(groupArray((number, exercise, tests))) AS rows
            FROM known
            GROUP BY notebook
        ) AS listed ON listed.notebook = latest.place.1
    )
)
GROUP BY notebook, number, exercise
ORDER BY notebook, number, exercise
LIMIT 1000
