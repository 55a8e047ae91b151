-- needs: pupils, works, sessions
SELECT
    student,
    sum(solved_now) AS solved,
    round(sum(worked_ms) / 60000, 1) AS active_min,
    sum(runs_now) AS runs,
    sum(errors_now) AS errors,
    sum(fails_now) AS failed_tests,
    sum(peeks_now) AS peeks,
    if(max(seen_ms) = 0, NULL, intDiv(toUnixTimestamp64Milli(now()) - max(seen_ms), 60000))
        AS minutes_since_seen
FROM (
    SELECT student, 0 AS solved_now, 0 AS worked_ms, 0 AS runs_now, 0 AS errors_now, 0 AS fails_now,
        0 AS peeks_now, 0 AS seen_ms
    FROM pupils
    UNION ALL
    SELECT student, countIf(is_passed), 0, 0, 0, 0, 0, 0
    FROM works
    GROUP BY student
    UNION ALL
    SELECT student, 0, sum(worked_ms), sum(runs), sum(errors), sum(fails), sum(peeks),
        max(last_received_ms)
    FROM sessions
    GROUP BY student
)
GROUP BY student
ORDER BY solved, student
LIMIT 10000
