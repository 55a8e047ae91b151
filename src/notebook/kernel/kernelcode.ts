import packed from '../../../ipynb_telemetry/bootstrap.min.py?packed';

/**
 * Python that loads `bootstrap.py` into a kernel and leaves no name behind but
 * the public ones. `bootstrap.min.py` has the same statements on the same lines,
 * so that a traceback names those of `bootstrap.py`; it comes packed, and Python
 * unpacks it.
 *
 * @throws when the file cannot be had
 */
export async function loadInstallCode(): Promise<string> {
  const answer = await fetch(packed);
  if (!answer.ok) {
    throw new Error(`${answer.status} ${answer.statusText}`);
  }
  let bytes = '';
  for (const byte of new Uint8Array(await answer.arrayBuffer())) {
    bytes += String.fromCharCode(byte);
  }
  return (
    '(lambda g: (exec(compile(__import__("gzip").decompress(' +
    `__import__("base64").b64decode("${btoa(bytes)}")), ` +
    '"<ipynb_telemetry.bootstrap>", "exec"), g), g["_install"]())[1])' +
    '({"__name__": "ipynb_telemetry.bootstrap"})'
  );
}
