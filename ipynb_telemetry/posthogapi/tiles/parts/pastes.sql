-- needs: told
-- The pastes of text that was copied in the page, long enough to be a solution, of each session.
SELECT student, notebook, session, groupArray((seq, at_ms)) AS pastes
FROM told
WHERE kind = 'paste' AND internal AND length_of_paste >= __copied_characters__
GROUP BY student, notebook, session
