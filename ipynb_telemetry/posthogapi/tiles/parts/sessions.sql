-- needs: told
-- Each session: how many events were expected, and how many are here.
SELECT
    student, notebook, session,
    max(seq) AS expected,
    uniqExact(seq) AS got,
    -- What the browser says it gave up and what did not come all the same. A number that nobody
    -- sent is no reason to count for ever.
    arrayDistinct(arrayFlatten(groupArray(
        if(kind = 'events_dropped' AND reason = 'storage' AND first_seq > 0 AND last_seq > 0,
            range(first_seq, if(last_seq - first_seq < 100000, last_seq, first_seq + 99999) + 1),
            range(0))
    ))) AS given_up,
    length(given_up) - length(arrayIntersect(given_up, groupArray(seq))) AS explained,
    if(expected > got + explained, expected - got - explained, 0) AS missing,
    sumIf(dropped, kind = 'events_dropped' AND reason = 'rate') AS suppressed,
    sumIf(dropped, kind = 'events_dropped' AND reason = 'invalid') AS invalid,
    (countIf(kind = 'session_ended') > 0) AS is_ended,
    min(received_ms) AS first_received_ms,
    max(received_ms) AS last_received_ms,
    arraySort(groupArray(received_ms - at_ms)) AS late,
    arrayElement(late, length(late) - intDiv(length(late), 20)) - arrayElement(late, 1) AS late_ms,
    argMax(received_ms - at_ms, (seq, at_ms)) - min(received_ms - at_ms) AS latest_late_ms,
    max(active_ms) AS worked_ms,
    countIf(kind = 'cell_executed' AND status IN ('ok', 'error')) AS runs,
    countIf(kind = 'cell_executed' AND status = 'error') AS errors,
    countIf(kind = 'test_failed') AS fails,
    countIf(kind = 'solution_peek') AS peeks
FROM told
GROUP BY student, notebook, session
