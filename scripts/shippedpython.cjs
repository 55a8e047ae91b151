// The kernel side as it is shipped: without comments, without the docstrings nobody can ask for, and
// without types.

// A string with its prefix, of either kind; in those that Python 3.8 can read no quote hides another.
const STRING =
  /[rbfu]{0,2}("""|''')(?:\\[^]|(?!\1)[^])*\1|[rbfu]{0,2}(["'])(?:\\[^]|(?!\2)[^\\\n])*\2/iy;
/** And the type that a function returns, or that a variable has. */
const COMMENT =
  /[ \t]*#[^\n]*| -> [^:\n"']+(?=:\n)|(?<=\w): [^=\n"'{}()]+(?= = )/y;
/** Of an argument, up to its default; brackets in brackets in brackets are left alone. */
const TYPE =
  /: (?:[^,:=()[\]{}"'#]|\[(?:[^[\]"'#]|\[[^[\]"'#]*\])*\])+?(?=,|\)| = )/y;
/** The formatter indents by four; one will do. */
const INDENT = /\n( +)(?![ #\n])/y;
const DEFINITION = /^[ \t]*(?:async +)?(?:def|class) +(\w+)/gm;
/** What a student may ask `help` about. */
const API = /^(?:tracked_test|setup_telemetry|_cell|_telemetry_capture)$/;

/** @returns the source, indented by fours, with all its statements, on fewer and shorter lines */
function shippedPython(source) {
  let shipped = '';
  // How many brackets are open in the head of a function; null where there is none.
  let open = null;
  for (let at = 0; at < source.length;) {
    STRING.lastIndex = COMMENT.lastIndex = INDENT.lastIndex = at;
    TYPE.lastIndex = at;
    const indent = INDENT.exec(source);
    if (indent) {
      shipped += `${shipped.endsWith('\n') ? '' : '\n'}${' '.repeat(indent[1].length / 4)}`;
      at += indent[0].length;
      continue;
    }
    const string = STRING.exec(source)?.[0];
    const comment =
      string === undefined &&
      ((open === 1 ? TYPE.exec(source) : null) ?? COMMENT.exec(source))?.[0];
    if (string !== undefined) {
      shipped +=
        string.endsWith('"""') && isPrivateDocstring(shipped) ? '""' : string;
    } else if (!comment) {
      // A name whole, lest its end be taken for a prefix.
      const word = /\w+|[^]/y;
      word.lastIndex = at;
      const [text] = word.exec(source);
      if (text === 'def') {
        open = 0;
      } else if (open !== null && /[()[\]{}]/.test(text)) {
        open += /[([{]/.test(text) ? 1 : -1;
        open = open || null;
      }
      // Of a comment that is gone no empty line is left.
      shipped += text === '\n' && shipped.endsWith('\n') ? '' : text;
      at += text.length;
      continue;
    }
    at += (string ?? comment).length;
  }
  return shipped;
}

/** Whether a string that comes next is the docstring of what is none of the API's. */
function isPrivateDocstring(before) {
  if (!/:\n[ \t]*$/.test(before)) {
    return false;
  }
  const definitions = [...before.matchAll(DEFINITION)];
  const last = definitions[definitions.length - 1];
  // Nothing but its own head, which may be several lines long, lies between.
  return (
    last !== undefined &&
    !API.test(last[1]) &&
    /^[^:]*(?:\([^]*?\))?[^:]*:\n[ \t]*$/.test(
      before.slice(last.index + last[0].length)
    )
  );
}

module.exports = { shippedPython };
