/** The Comm target, in the kernel and in the page. */
export const COMM_TARGET = 'ipynb_telemetry';

/**
 * The version of the messages between kernel and page. Either may be older than the
 * other: a later version adds fields. From 2 on the page acknowledges what the kernel
 * tells, so that the kernel keeps events until it does.
 */
export const PROTOCOL_VERSION = 2;
