import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { isTurnedOff, refuseNotebookId } from '../flag';
import { COMM_TARGET, PROTOCOL_VERSION } from './protocol';

/**
 * Answer when `setup_telemetry` is called in a kernel that no page has opened a
 * Comm to: the kernel opens a Comm to this target. A notebook without a flag has
 * no more than this listener, for as long as the notebook is open; the listener
 * is part of the small chunk.
 *
 * @param attach - tracks the document under the id of a call in that kernel
 * @param isHeldBack - whether nobody's work is recorded, whatever the flag says
 */
export function answerSetupCalls(
  context: DocumentRegistry.IContext<INotebookModel>,
  attach: (notebook: string, kernel: Kernel.IKernelConnection) => Promise<void>,
  isHeldBack: () => boolean = () => false
): void {
  const { sessionContext } = context;
  let kernel: Kernel.IKernelConnection | null | undefined;

  const onOpen = (
    comm: Kernel.IComm,
    { content, parent_header }: KernelMessage.ICommOpenMsg
  ): void => {
    const caller = kernel;
    const { session } = parent_header as { session?: string };
    if (!caller || session !== caller.clientId) {
      // Another page asked for the run. Closing would be an answer, too.
      return;
    }
    const { version, notebook } = (content.data ?? {}) as Record<
      string,
      unknown
    >;
    if (
      typeof version !== 'number' ||
      typeof notebook !== 'string' ||
      refuseNotebookId(notebook) !== null
    ) {
      comm.close();
      return;
    }
    // The kernel waits within the cell: the answer goes out in this turn.
    if (isTurnedOff(context) || isHeldBack()) {
      comm.send({ answer: 'off' });
      return;
    }
    comm.onMsg = ({ content }) => {
      const { accept } = (content.data ?? {}) as { accept?: unknown };
      if (accept !== true) {
        return;
      }
      comm.onMsg = () => undefined;
      attach(notebook, caller).catch(reason => {
        console.error('ipynb-telemetry: telemetry did not start', reason);
        if (!comm.isDisposed && !caller.isDisposed) {
          // Else the kernel would keep its events for a page that has failed.
          comm.close();
        }
      });
    };
    comm.send({ answer: 'here', version: PROTOCOL_VERSION });
  };

  const register = (): void => {
    kernel?.removeCommTarget(COMM_TARGET, onOpen);
    kernel = context.isDisposed ? null : sessionContext.session?.kernel;
    kernel?.registerCommTarget(COMM_TARGET, onOpen);
  };
  sessionContext.kernelChanged.connect(register);
  register();
  // The document goes with its last view.
  context.disposed.connect(() => {
    sessionContext.kernelChanged.disconnect(register);
    register();
  });
}
