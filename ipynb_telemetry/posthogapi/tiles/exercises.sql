-- needs: works, known
SELECT
    concat(if({variables.telemetry_notebook} = '', concat(notebook, ': '), ''), exercise)
        AS exercise_name,
    tried,
    if(is_enough, solvers, NULL) AS passed,
    if(is_enough, in_one, NULL) AS one,
    if(is_enough, in_two, NULL) AS two,
    if(is_enough, in_more, NULL) AS more,
    if(is_enough, tried - solvers, NULL) AS unsolved,
    if(solvers < __too_few__ OR NOT is_enough, NULL, round(median_ms / 60000, 1)) AS median_min,
    if(is_enough, peekers, NULL) AS peeked_before_pass,
    if(is_ranked AND countIf(is_ranked) OVER () >= 3, arrayElement(
        ['easy', 'middle', 'hard'],
        intDiv((row_number() OVER (
            ORDER BY is_ranked DESC, unsolved_share, median_attempts, notebook, number, exercise
        ) - 1) * 3, countIf(is_ranked) OVER ()) + 1
    ), '') AS difficulty,
    if(tried >= __discriminating__ AND isFinite(correlation), round(correlation, 3), NULL)
        AS discrimination
FROM (
    SELECT
        notebook, number, exercise,
        countIf(is_tried) AS tried,
        (tried >= __too_few__) AS is_enough,
        countIf(is_tried AND is_passed) AS solvers,
        countIf(is_tried AND is_passed AND fails_before_pass = 0) AS in_one,
        countIf(is_tried AND is_passed AND fails_before_pass = 1) AS in_two,
        countIf(is_tried AND is_passed AND fails_before_pass > 1) AS in_more,
        countIf(is_tried AND is_passed AND is_peeked) AS peekers,
        quantileIf(0.5)(time_to_pass_ms, is_tried AND is_passed) AS median_ms,
        quantileIf(0.5)(fails_before_pass + 1, is_tried) AS median_attempts,
        1 - solvers / if(tried = 0, 1, tried) AS unsolved_share,
        (is_enough AND max(tests) > 0) AS is_ranked,
        corr(if(is_tried, if(is_passed, 1, 0), NULL), solved_elsewhere) AS correlation
    FROM (
        SELECT
            notebook, number, exercise, is_passed, fails_before_pass, time_to_pass_ms,
            (runs + tries > 0) AS is_tried,
            (peeks > 0 AND first_peek_ms < passed_ms) AS is_peeked,
            0 AS tests,
            countIf(is_passed) OVER (PARTITION BY student) - if(is_passed, 1, 0) AS solved_elsewhere
        FROM works
        UNION ALL
        SELECT
            notebook, number, exercise, 0 AS is_passed, 0 AS fails_before_pass,
            0 AS time_to_pass_ms, 0 AS is_tried, 0 AS is_peeked, tests, 0 AS solved_elsewhere
        FROM known
    )
    GROUP BY notebook, number, exercise
)
ORDER BY notebook, number, exercise
LIMIT 1000
