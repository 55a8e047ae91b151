-- needs: efforts
-- The exercises there are: those of the outline, and of other notebooks each test.
SELECT notebook, exercise, max(place) AS number, max(count_of_tests) AS tests
FROM (
    SELECT row.1 AS notebook, row.2 AS exercise, row.3 AS place, row.4 AS count_of_tests
    FROM (SELECT arrayJoin(__exercises__) AS row)
    WHERE row.2 != ''
        AND ({variables.telemetry_notebook} = '' OR row.1 = {variables.telemetry_notebook})
    UNION ALL
    SELECT notebook, exercise, 0 AS place, 1 AS count_of_tests
    FROM efforts
    WHERE exercise != '' AND NOT has(__outlined__, notebook)
)
GROUP BY notebook, exercise
