-- needs:
-- A row for each event of a student: an event that PostHog has twice is one. `properties.x` would
-- give texts as JSON writes them, and numbers by what PostHog takes a property for.
SELECT
    uuid,
    any(event) AS kind,
    any(distinct_id) AS student,
    any(JSONExtractString(properties, 'notebook')) AS notebook,
    any(JSONExtractString(properties, 'session_id')) AS session,
    any(JSONExtractInt(properties, 'seq')) AS seq,
    any(toUnixTimestamp64Milli(timestamp)) AS at_ms,
    min(toUnixTimestamp64Milli(created_at)) AS received_ms,
    any(ifNull(toInt(round(JSONExtractFloat(properties, 'active_ms'))), 0)) AS active_ms,
    any(JSONExtractString(properties, 'cell_id')) AS cell,
    any(JSONExtractString(properties, 'test')) AS test,
    any(JSONExtractString(properties, 'status')) AS status,
    any(JSONExtractString(properties, 'reason')) AS reason,
    any(JSONExtractString(properties, 'summary')) AS summary,
    any(if(JSONHas(properties, 'open_ms'),
        round(JSONExtractFloat(properties, 'open_ms')), NULL)) AS open_ms,
    any(JSONExtractInt(properties, 'length')) AS length_of_paste,
    any(JSONExtractBool(properties, 'internal')) AS internal,
    any(JSONExtractInt(properties, 'count')) AS dropped,
    any(JSONExtractInt(properties, 'first_seq')) AS first_seq,
    any(JSONExtractInt(properties, 'last_seq')) AS last_seq,
    any(JSONExtractString(properties, 'error_of')) AS error_of,
    any(JSONExtractString(properties, 'error', 'name')) AS error_type,
    any(JSONExtractString(properties, 'error', 'value')) AS error_text,
    any(JSONExtractString(properties, 'error', 'traceback')) AS traceback
FROM events
WHERE notEmpty(JSONExtractString(properties, 'notebook'))
    AND notEmpty(JSONExtractString(properties, 'session_id'))
    AND JSONExtractInt(properties, 'seq') >= 1
    -- Students of `jupyter telemetry simulate` have this mark, and staff count nowhere.
    AND position(distinct_id, '~') = 0
    AND NOT has(__staff__, distinct_id)
    AND ({variables.telemetry_notebook} = ''
        OR JSONExtractString(properties, 'notebook') = {variables.telemetry_notebook})
    AND ({variables.telemetry_group} = ''
        OR transform(distinct_id, __members__, __groups__, '') = {variables.telemetry_group})
    AND {filters}
GROUP BY uuid
