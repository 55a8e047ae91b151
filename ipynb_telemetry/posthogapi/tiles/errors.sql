-- needs: causes, works
SELECT
    told.error AS error,
    told.happened_in AS happened_in,
    told.exercises AS exercises,
    told.students AS students,
    length(ifNull(held.stuck, [])) AS still_stuck,
    told.times AS times,
    intDiv(toUnixTimestamp64Milli(now()) - told.last_ms, 60000) AS minutes_since_last,
    arrayStringConcat(arraySort(held.stuck), ', ') AS who_is_stuck
FROM (
    SELECT
        cause,
        any(concat(error_type, if(message = '', '', ': '), message)) AS error,
        any(place) AS happened_in,
        arrayStringConcat(arraySort(groupUniqArrayIf(exercise, exercise != '')), ', ') AS exercises,
        uniqExact(student) AS students,
        uniq(uuid) AS times,
        max(at_ms) AS last_ms
    FROM causes
    -- A failed test has told the error itself that its cell ends with.
    WHERE cause != '' AND (is_test OR error_of = '')
    GROUP BY cause
) AS told
LEFT JOIN (
    -- Who had this error at the latest attempt of a cell or test, and has not passed the exercise.
    SELECT item.cause AS cause, groupUniqArray(item.student) AS stuck
    FROM (
        SELECT student, notebook, is_test, item, any(exercise) AS exercise,
            argMax(cause, (begun_ms, session, seq, at_ms)) AS cause
        FROM causes
        GROUP BY student, notebook, is_test, item
    ) AS item
    LEFT JOIN works AS work ON work.student = item.student
        AND work.notebook = item.notebook AND work.exercise = item.exercise
    WHERE item.cause != '' AND NOT ifNull(work.is_passed, 0)
    GROUP BY cause
) AS held ON held.cause = told.cause
ORDER BY still_stuck DESC, students DESC, times DESC, error
LIMIT 500
