-- needs: opened
SELECT
    concat(if({variables.telemetry_notebook} = '', concat(notebook, ': '), ''), name)
        AS exercise_name,
    count() AS opened,
    countIf(moment = 'before') AS before_any_run,
    countIf(moment = 'after_failure') AS after_failure,
    countIf(moment = 'after_run') AS after_run,
    countIf(moment = 'after_pass') AS after_pass,
    countIf(is_glance) AS glances,
    countIf(is_copied) AS copied,
    uniqExact(student) AS students,
    if(countIf(open_ms >= 0) < __too_few__, NULL,
        round(quantileIf(0.5)(open_ms, open_ms >= 0) / 1000, 1)) AS median_open_s
FROM (
    SELECT
        notebook, student, open_ms, is_glance, is_copied,
        indexOf(__order__, concat(notebook, '\n', exercise)) AS number,
        -- A solution of no known exercise stands for itself.
        if(exercise = '', summary, exercise) AS name,
        if(exercise = '', '', moment) AS moment
    FROM opened
)
GROUP BY notebook, number, name
ORDER BY notebook, number, name
LIMIT 1000
