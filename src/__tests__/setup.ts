/**
 * Warnings that nothing here can change, and that would bury what matters.
 */
const NOISE = [
  // JupyterLab's own models read cells before they are in a document.
  'Invalid access: Add Yjs type',
  // Tests make many clients in one page; a real page makes one.
  '[PostHog.js] You have already initialized PostHog!'
];

const { warn } = console;

console.warn = (...args: unknown[]) => {
  const text = args.join(' ');
  if (!NOISE.some(noise => text.startsWith(noise))) {
    warn(...args);
  }
};

// What jsdom lacks. Tests that run in plain Node have nothing to add it to.
if (typeof window !== 'undefined') {
  jest.requireActual('@jupyterlab/testing/lib/jest-shim.js');
}
