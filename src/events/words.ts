/** Whether a place of a text is within a word of ASCII letters and digits. */
export function isInWord(text: string, at: number): boolean {
  return isWordly(text.charCodeAt(at - 1)) && isWordly(text.charCodeAt(at));
}

/** Beyond the text there is NaN, which is no code of a letter. */
function isWordly(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122)
  );
}
