import type { TranslationBundle } from '@jupyterlab/translation';

/** The problem's name in `delivery/sending/verdict`, of which the panel loads nothing. */
export const LOGGED_OUT = 'logged out';

/** A problem, and how the instructor can solve it where that is known. */
export function problemWords(
  problem: string,
  from: {
    /** Whether the Jupyter server met the problem, which sends in the browser's stead. */
    readonly isRelays: boolean;
    readonly isDirect: boolean;
    readonly isClass: boolean;
    readonly isOfHub: boolean;
  },
  trans: TranslationBundle
): string {
  const { isRelays, isDirect, isClass, isOfHub } = from;
  const words = isOfHub
    ? hubProblemWords(problem, isRelays, trans)
    : isClass && classProblemWords(problem, isRelays, isDirect, trans);
  return words || otherProblemWords(problem, isRelays, isDirect, trans);
}

/**
 * A problem with a class collector, and how it can be solved; '' for one that has
 * nothing to do with the collector.
 */
function classProblemWords(
  problem: string,
  isRelays: boolean,
  isDirect: boolean,
  trans: TranslationBundle
): string {
  if ((isRelays || isDirect) && /^40[13]/.test(problem)) {
    return trans.__(
      'your class’s collector refuses the class key (%1). Where the key was changed, “jupyter telemetry join” with the line of today gives the new one',
      problem
    );
  }
  // An answer of the collector's begins with its status.
  return isRelays && !/^(\d|the settings )/.test(problem)
    ? trans.__(
        'the Jupyter server cannot send to your class’s collector (%1). The collector may not run, or not in this network; where it was set up anew, “jupyter telemetry join” with the line of today leads there',
        problem
      )
    : '';
}

/** The same with the class collector of a hub, which knows its servers without a key. */
function hubProblemWords(
  problem: string,
  isRelays: boolean,
  trans: TranslationBundle
): string {
  if (!isRelays || problem.startsWith('the settings ')) {
    return '';
  }
  return /^40[13]/.test(problem)
    ? trans.__(
        'your class’s collector does not let this server send (%1). Stop the server in the Hub Control Panel and start it again; if that changes nothing, the account is not in the course’s group of the hub',
        problem
      )
    : trans.__(
        'the Jupyter server cannot send to your class’s collector (%1). Whoever runs the hub can see whether that service runs',
        problem
      );
}

/** A problem with a PostHog, with the network or with the browser. */
function otherProblemWords(
  problem: string,
  isRelays: boolean,
  isDirect: boolean,
  trans: TranslationBundle
): string {
  if (/^40[13]/.test(problem)) {
    return trans.__(
      'the project key or the login is refused (%1). Correct the key in the settings under Student Telemetry',
      problem
    );
  }
  // The browser's and the relay's words for it.
  if (problem === 'quota' || problem === 'the project is over its quota') {
    return trans.__('the PostHog project is over its quota');
  }
  // The server names what its settings lack.
  if (isRelays && problem.startsWith('the settings ')) {
    return trans.__(
      'the Jupyter server does not know where to send to: %1',
      problem
    );
  }
  // An answer of PostHog's begins with its status.
  if (isRelays && !/^\d/.test(problem)) {
    return trans.__(
      'the Jupyter server cannot reach PostHog (%1). Check the host in the settings, and the server’s network and proxy',
      problem
    );
  }
  // Browsers say no more than this of a request that failed.
  if (/^(TypeError|no answer)/.test(problem)) {
    const words = trans.__(
      'no answer comes (%1). The network or an ad blocker may be in the way. Sending goes on by itself',
      problem
    );
    return isDirect
      ? trans.__(
          '%1; “Send through the Jupyter server” in the settings leads around it',
          words
        )
      : words;
  }
  return /^\w*Error/.test(problem)
    ? trans.__(
        'this browser’s database refuses (%1). Writing is tried again; to reload the page or to free disk space may help',
        problem
      )
    : trans.__('the other end says “%1”', problem);
}
