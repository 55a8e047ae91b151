import type { Engagement } from '../answers/engagement';
import type { Trans } from '../trans';

/** How often a student left the notebook, by where to. */
export function leavesText(
  {
    window,
    tab,
    page_hidden: hidden
  }: Engagement['students'][number]['leaves'],
  trans: Trans
): string {
  return [
    window > 0 && trans.__('another window %1 ×', window),
    tab > 0 && trans.__('another tab of JupyterLab %1 ×', tab),
    hidden > 0 && trans.__('page hidden %1 ×', hidden)
  ]
    .filter(Boolean)
    .join(', ');
}
