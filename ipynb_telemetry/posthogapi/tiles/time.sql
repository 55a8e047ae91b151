-- needs: works, known
SELECT
    concat(if({variables.telemetry_notebook} = '', concat(notebook, ': '), ''), exercise)
        AS exercise_name,
    countIf(active_ms > 0) AS students,
    if(students < __too_few__, NULL, round(quantileIf(0.25)(active_ms, active_ms > 0) / 60000, 1))
        AS quarter_min,
    if(students < __too_few__, NULL, round(quantileIf(0.5)(active_ms, active_ms > 0) / 60000, 1))
        AS median_min,
    if(students < __too_few__, NULL, round(quantileIf(0.75)(active_ms, active_ms > 0) / 60000, 1))
        AS three_quarters_min
FROM (
    SELECT notebook, number, exercise, active_ms FROM works
    UNION ALL
    SELECT notebook, number, exercise, 0 AS active_ms FROM known
)
GROUP BY notebook, number, exercise
ORDER BY notebook, number, exercise
LIMIT 1000
