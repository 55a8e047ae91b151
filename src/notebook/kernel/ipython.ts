import type { Kernel, KernelSpec } from '@jupyterlab/services';

/**
 * What starts an IPython kernel by itself. Such kernels are sent our code at once,
 * for the run that they were started with comes right behind.
 */
const STARTS_IPYTHON =
  /^(?:.*[\\/])?(?:ipykernel(?:_launcher)?|xpython(?:_launcher)?)(?:\.exe)?$/;

/**
 * Kernels that say they are IPython, in their `kernel_info_reply`. Wrappers around
 * MicroPython or Spark have names of their own: they are not even asked.
 */
const IPYTHONS: ReadonlySet<unknown> = new Set(['ipython', 'xeus-python']);

/**
 * What is asked, beside no code at all. A wrapper that is made of ipykernel's class
 * has its name, too, but takes code elsewhere with a `do_execute` of its own: the
 * wrapper evaluates nothing, or the expression finds that function. In xeus-python
 * there is no such function. A student may have given the names of Python's own
 * functions to something else: hence `b`.
 */
const PROBE =
  '(lambda b:b.getattr(b.type(get_ipython().kernel),"do_execute",b.len).__module__)(__import__("builtins"))';
const IPYTHONS_ANSWERS: ReadonlySet<unknown> = new Set([
  "'ipykernel.ipkernel'",
  "'builtins'"
]);

/** A kernel that has dropped the question so often is not asked again. */
const MAX_QUESTIONS = 20;

/** The name of the expression in a request. */
const NAME = 'ipynb_telemetry';

/** What became of an expression: its value as text, or what was raised. */
export interface IEvaluated {
  readonly isAborted: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/**
 * Whether a kernel is IPython, so that our code may be sent to it. The language is
 * no sign: boards and Spark are spoken to in Python, too.
 *
 * @param spec - of the kernel, where one is known
 * @returns true where nothing need be asked, or a promise of the answer; rejected
 * when the kernel goes before it has answered
 */
export function isIPython(
  kernel: Kernel.IKernelConnection,
  spec: KernelSpec.ISpecModel | undefined
): true | Promise<boolean> {
  return spec && (isInBrowser(spec) || startsIPython(spec))
    ? true
    : ask(kernel);
}

/**
 * Have a kernel evaluate an expression, in silence. Only IPython does: for other
 * kernels the request has no code in it. A kernel of JupyterLite takes code alone.
 *
 * @returns rejected when the kernel goes before it has answered
 * @throws when the kernel is gone
 */
export function evaluate(
  kernel: Kernel.IKernelConnection,
  expression: string,
  spec?: KernelSpec.ISpecModel
): Promise<IEvaluated> {
  const isCode = spec !== undefined && isInBrowser(spec);
  const request = kernel.requestExecute({
    code: isCode ? expression : '',
    ...(isCode ? {} : { user_expressions: { [NAME]: expression } }),
    silent: true,
    store_history: false,
    stop_on_error: false,
    allow_stdin: false
  });
  return request.done.then(({ content }) => {
    const { status, user_expressions } = content as Partial<IAnswer> & {
      user_expressions?: Record<string, Partial<IAnswer>>;
    };
    const answer =
      status === 'ok' && !isCode ? (user_expressions?.[NAME] ?? {}) : content;
    const { ename, evalue, data } = answer as Partial<IAnswer>;
    return {
      isAborted: status !== 'ok' && status !== 'error',
      value: data?.['text/plain'],
      ...(ename === undefined ? {} : { error: `${ename}: ${evalue}` })
    };
  });
}

interface IAnswer {
  readonly status: string;
  readonly ename: string;
  readonly evalue: string;
  readonly data: Record<string, unknown>;
}

/** A kernel in the browser is started by no command. */
function isInBrowser({ argv, language }: KernelSpec.ISpecModel): boolean {
  return argv.length === 0 && language === 'python';
}

function startsIPython({ argv }: KernelSpec.ISpecModel): boolean {
  return (
    argv.some(part => STARTS_IPYTHON.test(part)) &&
    // IPython may be told to start a kernel of another class.
    !argv.some(part => part.includes('kernel_class'))
  );
}

async function ask(kernel: Kernel.IKernelConnection): Promise<boolean> {
  const { implementation } = await kernel.info;
  if (!IPYTHONS.has(implementation)) {
    return false;
  }
  for (let nth = 0; nth < MAX_QUESTIONS; nth++) {
    const { isAborted, value } = await evaluate(kernel, PROBE);
    // When a run before the question fails, all behind that run is dropped.
    if (!isAborted) {
      return IPYTHONS_ANSWERS.has(value);
    }
  }
  return false;
}
