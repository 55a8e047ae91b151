-- needs: efforts
-- The work of each student in each exercise. Active time to a pass is known by two measures, the
-- smaller of which counts: what went to the exercise's cells and tests, and the time since a test
-- was passed before.
SELECT
    student, notebook, exercise,
    indexOf(__order__, concat(notebook, '\n', exercise)) AS number,
    countIf(is_attempt AND NOT is_test) AS runs,
    countIf(is_attempt AND NOT is_test AND is_bad) AS errors,
    countIf(is_attempt AND is_test) AS tries,
    countIf(is_test AND is_bad) AS fails,
    countIf(is_test AND is_bad AND passes = 0) AS fails_before_pass,
    (countIf(is_test AND is_bad AND passes_in_all = 0) > 0) AS is_failing,
    countIf(is_pass AND passes = 1) AS passed_tests,
    (passed_tests > 0 AND passed_tests >= transform(
        concat(notebook, '\n', exercise), __order__, __tests__, 1)) AS is_passed,
    maxIf(at_ms, is_pass AND passes = 1) AS passed_ms,
    minIf(at_ms, is_attempt) AS first_run_ms,
    countIf(is_attempt AND is_bad) AS bad,
    minIf(at_ms, is_attempt AND is_bad) AS first_bad_ms,
    countIf(kind = 'solution_peek') AS peeks,
    countIf(kind = 'solution_closed') AS closes,
    minIf(at_ms, kind = 'solution_peek') AS first_peek_ms,
    sumIf(ifNull(open_ms, 0), kind = 'solution_closed') AS open_ms_in_all,
    sum(spent_ms) AS active_ms,
    sumIf(to_pass_ms, is_pass AND passes = 1) AS between_passes_ms,
    if(between_passes_ms > 0 AND between_passes_ms < active_ms, between_passes_ms, active_ms)
        AS time_to_pass_ms,
    -- Active time without progress: since the first run, or since a test passed.
    if(passed_tests > 0, sumIf(spent_ms, at_ms > pass_ms),
        sum(spent_ms) - argMinIf(spent_ms, (at_ms, -spent_ms), is_attempt)) AS still_ms,
    max(at_ms) AS last_ms,
    max(received_ms) AS last_received_ms,
    maxIf(received_ms, is_attempt) AS last_attempt_ms,
    max(heard_ms) AS heard_ms_of_student
FROM (
    SELECT
        student, notebook, exercise, kind, at_ms, received_ms, open_ms, is_bad, is_pass,
        is_attempt, is_test, spent_ms, passes, passes_in_all, heard_ms,
        maxIf(at_ms, is_pass AND passes = 1) OVER (PARTITION BY student, notebook, exercise)
            AS pass_ms,
        total_ms - maxIf(total_ms, is_pass AND passes_here = 1) OVER (
            PARTITION BY student, notebook, session ORDER BY seq, at_ms, uuid
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
        -- and what the test took in sessions before
        + sum(spent_ms) OVER (
            PARTITION BY student, notebook, is_test, item
            ORDER BY begun_ms, session, seq, at_ms, uuid
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
        - sum(spent_ms) OVER (
            PARTITION BY student, notebook, is_test, item, session ORDER BY seq, at_ms, uuid
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS to_pass_ms
    FROM efforts
)
WHERE exercise != ''
GROUP BY student, notebook, exercise
