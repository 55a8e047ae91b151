// Reads the reports of the test runners: how many tests passed, which failed, and why.
import { basename } from 'node:path';

/** So many lines say what went wrong; the rest is in the runner's own output. */
const MAX_LINES = 12;

const ENTITIES = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
  '&#10;': '\n'
};

export function jest(text) {
  const report = JSON.parse(text);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = report;
  const failures = report.testResults.flatMap(
    ({ assertionResults, message }) =>
      assertionResults.length
        ? assertionResults
            .filter(({ status }) => status === 'failed')
            .map(({ fullName, failureMessages }) =>
              failure(fullName, failureMessages[0])
            )
        : [failure('A file of tests', message)]
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: report.numPendingTests,
    failures
  };
}

/** Reads the JUnit XML of pytest. */
export function pytest(text) {
  const [tests, failed, errors, skipped] = [
    'tests',
    'failures',
    'errors',
    'skipped'
  ].map(name =>
    Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)[1])
  );
  const cases =
    /<testcase [^>]*\bclassname="([^"]*)" name="([^"]*)"[^>]*>\s*<(?:failure|error) message="([^"]*)"/g;
  return {
    passed: tests - failed - errors - skipped,
    failed: failed + errors,
    skipped,
    failures: [...text.matchAll(cases)].map(([, file, name, message]) =>
      failure(`${file} ${unescaped(name)}`, unescaped(message))
    )
  };
}

export function playwright(text) {
  const { stats, suites, errors } = JSON.parse(text);
  const specs = suite => [
    ...suite.specs,
    ...(suite.suites ?? []).flatMap(specs)
  ];
  const failures = suites.flatMap(specs).flatMap(({ title, file, tests }) =>
    tests
      .flatMap(({ results }) => results)
      .filter(({ status }) => !['passed', 'skipped'].includes(status))
      .map(({ error, status }) => {
        const { message = status, location } = error ?? {};
        const where = location && `${basename(location.file)}:${location.line}`;
        return failure(`${where ?? file} ${title}`, message);
      })
  );
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: [
      ...failures,
      ...errors.map(({ message }) => failure('The run', message))
    ]
  };
}

function failure(test, message) {
  const lines = message
    // Escape sequences that colour a terminal.
    .replace(/\x1b\[[\d;]*m/g, '')
    .split('\n')
    .filter(line => line.trim());
  return { test, message: lines.slice(0, MAX_LINES).join('\n') };
}

function unescaped(xml) {
  return xml.replace(/&(?:lt|gt|quot|amp|#10);/g, entity => ENTITIES[entity]);
}
