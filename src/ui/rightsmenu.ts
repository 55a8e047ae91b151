import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandIDs, NO_ARGUMENTS } from '../commands';
import type { ITelemetryModel } from './model';
import type { RightsView } from './myrights';
import { pauseLabel, pausesOf } from './pausewords';
import type { PauseKind } from './rights';

const KINDS: ReadonlyArray<PauseKind> = ['minutes15', 'lesson', 'open'];

/**
 * Add the commands for what students can do about their records.
 *
 * @returns opens the menu with these commands above a button
 */
export function addRights(options: {
  readonly app: JupyterFrontEnd;
  readonly model: ITelemetryModel;
  readonly trans: TranslationBundle;
  readonly palette: ICommandPalette | null;
  /** Shows a part of the student's page. */
  readonly turnTo: (view: RightsView) => void;
}): (button: HTMLElement) => void {
  const { app, model, trans, palette, turnTo } = options;
  const { commands } = app;
  const { pause } = model.rights;
  const isKnown = (): boolean => model.identity.student !== null;
  const views: [string, RightsView, string][] = [
    [CommandIDs.seeMyRecords, 'see', trans.__('See What Is Recorded About Me')],
    [CommandIDs.takeAlong, 'take', trans.__('Take My Records Along')],
    [CommandIDs.forgetMe, 'forget', trans.__('Stop and Forget Me')]
  ];
  for (const [id, view, label] of views) {
    commands.addCommand(id, {
      label,
      isEnabled: () =>
        isKnown() || (view === 'forget' && model.rights.unfinished !== null),
      execute: () => turnTo(view),
      describedBy: NO_ARGUMENTS
    });
  }
  commands.addCommand(CommandIDs.pause, {
    label: args => trans.__('Pause: %1', pauseLabel(kindOf(args), trans)),
    isEnabled: args =>
      isKnown() &&
      pause.state === null &&
      pausesOf(pause.policy).includes(kindOf(args)),
    execute: args => pause.begin(kindOf(args)),
    describedBy: {
      args: {
        type: 'object',
        properties: { kind: { type: 'string', enum: [...KINDS] } }
      }
    }
  });
  commands.addCommand(CommandIDs.goOn, {
    label: trans.__('Go On Recording'),
    isEnabled: () => pause.state !== null,
    execute: () => pause.end(),
    describedBy: NO_ARGUMENTS
  });
  pause.changed.connect(() => {
    commands.notifyCommandChanged(CommandIDs.pause);
    commands.notifyCommandChanged(CommandIDs.goOn);
  });
  const category = trans.__('Student Telemetry');
  views.forEach(([command]) => palette?.addItem({ command, category }));
  KINDS.forEach(kind =>
    palette?.addItem({ command: CommandIDs.pause, category, args: { kind } })
  );
  palette?.addItem({ command: CommandIDs.goOn, category });

  const menu = new MenuSvg({ commands });
  return button => {
    menu.clearItems();
    menu.addItem({ command: CommandIDs.showActivity });
    menu.addItem({ command: CommandIDs.seeMyRecords });
    menu.addItem({ type: 'separator' });
    if (pause.state) {
      menu.addItem({ command: CommandIDs.goOn });
    } else {
      pausesOf(pause.policy).forEach(kind =>
        menu.addItem({ command: CommandIDs.pause, args: { kind } })
      );
    }
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: CommandIDs.takeAlong });
    menu.addItem({ command: CommandIDs.withdrawConsent });
    menu.addItem({ command: CommandIDs.forgetMe });
    const { left, top, bottom } = button.getBoundingClientRect();
    // Where there is no room below, Lumino lets a menu end where it was to begin.
    menu.open(left, top > window.innerHeight / 2 ? top : bottom);
  };
}

function kindOf({ kind }: { readonly [name: string]: unknown }): PauseKind {
  return KINDS.find(each => each === kind) ?? 'minutes15';
}
