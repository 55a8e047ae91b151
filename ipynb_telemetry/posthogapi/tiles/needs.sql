-- needs: works, streaks, sessions
-- One row a student, the weightiest signal first.
SELECT
    student,
    arrayElement(first_signals, 1).4 AS reason,
    arrayElement(first_signals, 1).1 AS signal,
    intDiv(toUnixTimestamp64Milli(now()) - arrayElement(first_signals, 1).2, 60000) AS minutes,
    arrayElement(first_signals, 1).3 AS exercise_name,
    arrayStringConcat(
        arrayFilter(name -> name != signal, arrayDistinct(arrayMap(each -> each.1, first_signals))),
        ', '
    ) AS also
FROM (
    SELECT student, arraySort(groupArray((signal, since_ms, place, reason))) AS first_signals
    FROM (
        SELECT student, row.1 AS signal, row.2 AS since_ms, row.3 AS place, row.4 AS reason
        FROM (
            SELECT
                work.student AS student,
                toUnixTimestamp64Milli(now()) AS at_ms,
                concat(if({variables.telemetry_notebook} = '', concat(work.notebook, ': '), ''),
                    work.exercise) AS place,
                -- A student's clock may be wrong; its differences are not.
                (work.last_received_ms - work.last_ms) AS behind_ms,
                arrayJoin(arrayFilter(each -> each.1 != '', [
                    (if(ifNull(streak.times, 0) >= __same_error_runs__
                            AND work.last_received_ms >= at_ms - __recent_minutes__ * 60000,
                        'S1', ''),
                        ifNull(streak.since_ms, 0), place,
                        concat('same ', ifNull(streak.error_type, ''), ' ',
                            toString(ifNull(streak.times, 0)), ' times in ', work.exercise)),
                    (if(work.tests > 0 AND work.runs + work.tries > 0
                            AND work.still_ms > __no_progress_minutes__ * 60000
                            AND work.still_ms > if(work.solvers >= __classmates__, work.slow_ms, 0),
                        'S2', ''),
                        behind_ms
                            + if(work.passed_tests > 0, work.passed_ms, work.first_run_ms), place,
                        concat(toString(intDiv(work.still_ms, 60000)), ' min in ', work.exercise,
                            if(work.passed_tests > 0, ' since a test passed', ' and not passed'))),
                    (if(work.fails >= __wheel_spinning_fails__ AND work.passed_tests = 0, 'S3', ''),
                        behind_ms + work.first_run_ms, place,
                        concat(toString(work.fails), ' tests failed in ', work.exercise,
                            ', none passed')),
                    (if(work.peeks > 0 AND work.runs + work.tries = 0
                            AND (work.open_ms_in_all >= __peek_seconds__ * 1000
                                OR (work.peeks > work.closes AND at_ms - work.last_received_ms
                                    >= __peek_seconds__ * 1000)), 'S4', ''),
                        work.last_received_ms, place,
                        concat('opened the solution of ', work.exercise, ' before any run'))
                ])) AS row
            FROM (
                SELECT
                    student, notebook, exercise, runs, tries, fails, passed_tests, is_passed,
                    peeks, closes, open_ms_in_all, still_ms, last_ms, last_received_ms,
                    first_run_ms, passed_ms, heard_ms_of_student,
                    transform(concat(notebook, '\n', exercise), __order__, __tests__, 1) AS tests,
                    countIf(is_passed) OVER (PARTITION BY notebook, exercise) AS solvers,
                    quantileIf(0.75)(time_to_pass_ms, is_passed)
                        OVER (PARTITION BY notebook, exercise) AS slow_ms
                FROM works
            ) AS work
            LEFT JOIN streaks AS streak ON streak.student = work.student
                AND streak.notebook = work.notebook AND streak.exercise = work.exercise
            WHERE NOT work.is_passed
                AND work.heard_ms_of_student
                    >= toUnixTimestamp64Milli(now()) - __recent_minutes__ * 60000
        )
        UNION ALL
        SELECT student, row.1 AS signal, row.2 AS since_ms, row.3 AS place, row.4 AS reason
        FROM (
            SELECT
                student,
                toUnixTimestamp64Milli(now()) AS at_ms,
                arrayJoin(arrayFilter(each -> each.1 != '', [
                    (if(at_work * 2 >= open_sessions
                            AND heard_ms < at_ms - __recent_minutes__ * 60000, 'S5', ''),
                        last_received_ms, notebook,
                        concat('quiet for ', toString(intDiv(at_ms - last_received_ms, 60000)),
                            ' min')),
                    (if(missing > 0
                            AND at_ms - first_received_ms >= __heard_minutes__ * 60000, 'S6', ''),
                        last_received_ms, notebook,
                        concat(toString(missing), if(missing > 1, ' events are', ' event is'),
                            ' not here: what the student does is not all known')),
                    (if((missing = 0 OR at_ms - first_received_ms < __heard_minutes__ * 60000)
                            AND latest_late_ms > __heard_minutes__ * 60000
                            AND last_received_ms >= at_ms - __recent_minutes__ * 60000, 'S6', ''),
                        last_received_ms, notebook,
                        concat('events come ', toString(intDiv(latest_late_ms, 60000)),
                            ' min late: what the student does now is not known'))
                ])) AS row
            FROM (
                SELECT
                    student, notebook, missing, first_received_ms, last_received_ms, latest_late_ms,
                    max(last_received_ms) OVER (PARTITION BY student) AS heard_ms,
                    count() OVER () AS open_sessions,
                    countIf(last_received_ms
                        >= toUnixTimestamp64Milli(now()) - __recent_minutes__ * 60000) OVER ()
                        AS at_work
                FROM sessions
                WHERE NOT is_ended AND last_received_ms
                    >= toUnixTimestamp64Milli(now()) - __gone_minutes__ * 60000
            )
        )
    )
    GROUP BY student
)
ORDER BY signal, arrayElement(first_signals, 1).2, student
LIMIT 1000
