-- needs: sessions
-- Who is in the class: the students of the roster, and whoever else has an event.
SELECT DISTINCT student
FROM (
    SELECT arrayJoin(__members__) AS student
    UNION ALL
    SELECT student FROM sessions
)
WHERE student != '' AND NOT has(__staff__, student)
    AND ({variables.telemetry_group} = ''
        OR transform(student, __members__, __groups__, '') = {variables.telemetry_group})
