import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

/**
 * The cell a DOM node is in. A student's click makes its cell the active one,
 * so that the walk over the others is the exception.
 */
export function cellOfNode(view: NotebookPanel, node: Node): Cell | null {
  const { activeCell, widgets } = view.content;
  return activeCell?.node.contains(node)
    ? activeCell
    : (widgets.find(cell => cell.node.contains(node)) ?? null);
}
