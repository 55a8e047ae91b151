-- needs: sessions
SELECT
    student, notebook, session,
    multiIf(
        NOT is_ended AND NOT is_silent, 'open',
        missing > 0, 'incomplete',
        is_ended, 'complete',
        'silent'
    ) AS state,
    expected, got, explained, missing, suppressed, invalid,
    round(late_ms / 1000, 1) AS late_s
FROM (
    SELECT
        student, notebook, session, expected, got, explained, missing, suppressed, invalid,
        is_ended, late_ms, last_received_ms,
        (toUnixTimestamp64Milli(now()) - last_received_ms > __recent_minutes__ * 60000) AS is_silent
    FROM sessions
)
ORDER BY missing DESC, last_received_ms DESC
LIMIT 10000
