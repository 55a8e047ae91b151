/** The Comm target, in the kernel and in the page. */
export const COMM_TARGET = 'ipynb_telemetry';

/** The version of the messages between kernel and page. */
export const PROTOCOL_VERSION = 1;
