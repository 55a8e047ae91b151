-- needs: causes
-- The longest row of attempts that ended in the same error, up to the latest attempt.
SELECT
    student, notebook, exercise,
    max(times_in_a_row) AS times,
    argMax(began_ms, times_in_a_row) AS since_ms,
    argMax(type, times_in_a_row) AS error_type
FROM (
    SELECT
        student, notebook, is_test, item,
        any(exercise) AS exercise,
        -- The latest attempts first. PostHog prints arrayReverseSort as arraySort.
        arrayReverse(arraySort(groupArray((begun_ms, session, seq, at_ms, cause, received_ms))))
            AS rows,
        arrayFirstIndex(row -> row.2 != arrayElement(rows, 1).2
            OR row.5 != arrayElement(rows, 1).5 OR row.5 = '', rows) AS other,
        if(other = 0, length(rows) + 1, other) - 1 AS times_in_a_row,
        arrayElement(rows, times_in_a_row).6 AS began_ms,
        arrayElement(splitByChar('\n', arrayElement(rows, 1).5), 1) AS type
    FROM causes
    GROUP BY student, notebook, is_test, item
)
WHERE exercise != '' AND times_in_a_row > 0
GROUP BY student, notebook, exercise
