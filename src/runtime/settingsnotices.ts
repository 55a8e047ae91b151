import { Notification } from '@jupyterlab/apputils';

/** Something that is wrong with the settings, for whoever can mend it. */
export interface INotice {
  readonly message: string;
  /** Whether the person at work made it. */
  readonly isOwn: boolean;
}

/** The notifications about the settings: each stays as long as its cause, or until it is closed. */
export class Notices {
  /** Show what is wrong now, and no more what was. */
  show(notices: ReadonlyArray<INotice>): void {
    const messages = new Set(notices.map(({ message }) => message));
    for (const [message, id] of this._shown) {
      if (!messages.has(message)) {
        Notification.dismiss(id);
        this._shown.delete(message);
      }
    }
    for (const { message, isOwn } of notices) {
      if (!this._shown.has(message)) {
        const notify = isOwn ? Notification.error : Notification.warning;
        this._shown.set(message, notify(message, { autoClose: false }));
      }
    }
  }

  private readonly _shown = new Map<string, string>();
}
