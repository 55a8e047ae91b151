-- needs: efforts, works, pastes
-- Each opened solution: what had been tried before, how long it was open, whether it was copied.
SELECT
    peek.student AS student, peek.notebook AS notebook, peek.exercise AS exercise,
    peek.summary AS summary, peek.at_ms AS at_ms,
    multiIf(
        ifNull(work.is_passed, 0) AND ifNull(work.passed_ms, 0) <= peek.at_ms, 'after_pass',
        ifNull(work.bad, 0) > 0 AND ifNull(work.first_bad_ms, 0) <= peek.at_ms, 'after_failure',
        ifNull(work.runs + work.tries, 0) > 0 AND ifNull(work.first_run_ms, 0) <= peek.at_ms,
        'after_run',
        'before'
    ) AS moment,
    if(peek.next_kind = 'solution_closed', peek.next_open_ms, NULL) AS open_ms,
    (ifNull(open_ms, __peek_seconds__ * 1000) < __peek_seconds__ * 1000) AS is_glance,
    (ifNull(work.is_passed, 0) AND ifNull(work.passed_ms, 0) >= peek.at_ms AND arrayExists(
        paste -> paste.1 > peek.seq AND paste.2 <= ifNull(work.passed_ms, 0)
            AND paste.2 <= peek.at_ms + __copied_minutes__ * 60000,
        pasted.pastes
    )) AS is_copied
FROM (
    SELECT
        student, notebook, session, exercise, summary, kind, seq, at_ms,
        leadInFrame(kind) OVER (
            PARTITION BY student, notebook, session, cell, summary ORDER BY seq, at_ms, uuid
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS next_kind,
        leadInFrame(open_ms) OVER (
            PARTITION BY student, notebook, session, cell, summary ORDER BY seq, at_ms, uuid
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) AS next_open_ms
    FROM efforts
    WHERE kind IN ('solution_peek', 'solution_closed')
) AS peek
LEFT JOIN works AS work ON work.student = peek.student
    AND work.notebook = peek.notebook AND work.exercise = peek.exercise
LEFT JOIN pastes AS pasted ON pasted.student = peek.student
    AND pasted.notebook = peek.notebook AND pasted.session = peek.session
WHERE peek.kind = 'solution_peek'
