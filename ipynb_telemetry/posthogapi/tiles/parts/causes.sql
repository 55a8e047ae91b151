-- needs: efforts
-- The errors of runs and tests, each with its cause: the type, the message without what is quoted
-- (but for the names of Python's types) and without numbers, and the function in a cell that it
-- happened in.
SELECT
    student, notebook, session, seq, at_ms, uuid, received_ms, exercise, is_test, item, begun_ms,
    is_bad, error_of, error_type,
    replaceRegexpAll(replaceRegexpAll(
        left(error_text, 1000), '\\s+', ' '),
        ' ?\\([^()]*line \\d+\\)| on line \\d+|\\.? Did you (?:mean|forget)\\b[^?]*\\?', ''
    ) AS line,
    replaceRegexpAll(replaceRegexpAll(
        line, '\'(?:int|float|complex|bool)\'( object| and )', '<number>\\1'),
        '(not |and |type |of )\'(?:int|float|complex|bool)\'', '\\1<number>'
    ) AS line_without_kinds_of_numbers,
    replaceRegexpAll(replaceRegexpAll(
        line_without_kinds_of_numbers,
        '\'(str|bytes|bytearray|list|tuple|dict|set|frozenset|range|NoneType|type|function|method|module|generator|object|DataFrame|Series|Index|ndarray)\'( object| and )', '<\\1>\\2'),
        '(not |and |type |of )\'(str|bytes|bytearray|list|tuple|dict|set|frozenset|range|NoneType|type|function|method|module|generator|object|DataFrame|Series|Index|ndarray)\'', '\\1<\\2>'
    ) AS line_with_types,
    replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(
        line_with_types, '(^|[^A-Za-z0-9_])(?:\'[^\']*\'|"[^"]*")', '\\1\'…\''),
        '(^|[^A-Za-z0-9_.])[+-]?\\d[\\d_]*(?:\\.\\d+)*', '\\1<n>'),
        '<n>(?:, <n>)+', '<n>'
    ) AS message,
    arrayFilter(name -> NOT match(name, '^<(?:(?:list|dict|set)comp|genexpr)>$'), extractAll(
        right(traceback, 20000),
        '(?m)^[ \\t]*(?:Cell )?In ?\\[[^\\]\\n]{1,20}\\](?:, line \\d+)?(?:, in ([^\\n(]*))?'
    )) AS frames,
    replaceRegexpOne(arrayElement(frames, -1), '^<.*>$', '') AS place,
    if(is_bad AND error_type != '',
        concat(error_type, '\n', message, '\n', place), '') AS cause
FROM efforts
WHERE is_attempt AND item != ''
