import type { LabIcon } from '@jupyterlab/ui-components';
import { CommandToolbarButton, MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import { NO_ARGUMENTS } from '../commands';

/**
 * Make the button in a notebook's toolbar, which opens a menu of what there is
 * to do about telemetry.
 *
 * @param commands - has the commands of the menu
 * @param state - says whether the notebook is recorded, as the button shows it
 * @param changed - tells that the state may be another one
 */
export function createMenuButton(
  commands: CommandRegistry,
  menuItems: ReadonlyArray<string>,
  state: () => { readonly words: string; readonly icon: LabIcon },
  changed: ISignal<unknown, void>
): CommandToolbarButton {
  const menu = new MenuSvg({ commands });
  menuItems.forEach(command => menu.addItem({ command }));
  let focused: HTMLElement | null = null;
  menu.aboutToClose.connect(() => {
    // Once the menu is gone, and before a chosen command asks where the focus is.
    queueMicrotask(() => focused?.focus());
  });
  // In the application's registry, one command would stand for all notebooks' buttons.
  const own = new CommandRegistry();
  const id = 'ipynb-telemetry:open-menu';
  own.addCommand(id, {
    label: '',
    caption: () => state().words,
    icon: () => state().icon,
    execute: () => {
      focused = document.activeElement as HTMLElement | null;
      const { left, bottom } = button.node.getBoundingClientRect();
      menu.open(left, bottom);
    },
    describedBy: NO_ARGUMENTS
  });
  const button = new CommandToolbarButton({ commands: own, id });
  const follow = (): void => own.notifyCommandChanged(id);
  changed.connect(follow);
  button.disposed.connect(() => {
    changed.disconnect(follow);
    menu.dispose();
  });
  return button;
}
