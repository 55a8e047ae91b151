import { PromiseDelegate } from '@lumino/coreutils';
import type { NamePrompt } from '../../identity/identity';
import { StudentIdentity } from '../../identity/identity';
import type { INames } from '../../identity/name';
import type { NameRule } from '../../identity/ownname';

const SCOPE = 'http://hub.example/user/ann/|ann';
const KEY = `ipynb-telemetry:student:${SCOPE}`;
const JOHN: INames = { first: 'John', last: 'Doe' };
const MARY: INames = { first: 'Mary', last: 'Roe' };

let prompt: jest.Mock<Promise<INames | null>, Parameters<NamePrompt>>;
let identity: StudentIdentity;
let changes: (string | null)[];

function start(scope = SCOPE, storage = localStorage): StudentIdentity {
  const made = new StudentIdentity({ scope, prompt, storage });
  changes = [];
  made.changed.connect(() => changes.push(made.student?.id ?? null));
  return made;
}

/** What the browser tells this page of another one's writing. */
function tell(key: string | null, storageArea: Storage = localStorage): void {
  window.dispatchEvent(new StorageEvent('storage', { key, storageArea }));
}

beforeEach(() => {
  localStorage.clear();
  prompt = jest.fn().mockResolvedValue(JOHN);
  identity = start();
});

afterEach(() => identity.dispose());

describe('StudentIdentity', () => {
  it('asks nothing before it is needed', () => {
    expect(identity.student).toBeNull();
    expect(identity.declined).toBe(false);
    expect(prompt).not.toHaveBeenCalled();
  });

  it('asks and remembers', async () => {
    await identity.ask();
    expect(identity.student).toEqual({ id: 'JOHN_DOE', name: 'JOHN-DOE' });
    expect(changes).toEqual(['JOHN_DOE']);

    identity.dispose();
    identity = start();
    expect(identity.student?.id).toBe('JOHN_DOE');
    expect(prompt).toHaveBeenCalledTimes(1);
  });

  it('raises one dialog however many ask at once', async () => {
    const answer = new PromiseDelegate<INames | null>();
    prompt.mockReturnValue(answer.promise);
    const asked = [identity.ask(), identity.ask(), identity.ask()];
    answer.resolve(JOHN);
    await Promise.all(asked);
    expect(prompt).toHaveBeenCalledTimes(1);
    expect(changes).toEqual(['JOHN_DOE']);
  });

  it('takes Cancel for an answer, until it is asked to ask', async () => {
    prompt.mockResolvedValueOnce(null);
    await identity.ask();
    expect(identity.student).toBeNull();
    expect(identity.declined).toBe(true);
    expect(changes).toEqual([null]);
    expect(localStorage).toHaveLength(0);

    await identity.ask();
    expect(identity.student?.id).toBe('JOHN_DOE');
    expect(identity.declined).toBe(false);
  });

  it('changes the student, with the known names to begin with', async () => {
    await identity.ask();
    prompt.mockResolvedValueOnce(MARY);
    await identity.ask();
    expect(prompt).toHaveBeenLastCalledWith(JOHN, expect.anything());
    expect(identity.student?.id).toBe('MARY_ROE');
    expect(changes).toEqual(['JOHN_DOE', 'MARY_ROE']);
  });

  it('keeps a known student on Cancel', async () => {
    await identity.ask();
    prompt.mockResolvedValueOnce(null);
    await identity.ask();
    expect(identity.student?.id).toBe('JOHN_DOE');
    expect(identity.declined).toBe(false);
    expect(changes).toEqual(['JOHN_DOE']);
  });

  it('asks again after a dialog that failed', async () => {
    prompt.mockRejectedValueOnce(new Error('no dialog'));
    await expect(identity.ask()).rejects.toThrow('no dialog');
    await identity.ask();
    expect(identity.student?.id).toBe('JOHN_DOE');
  });

  it('does not take names that would be refused', async () => {
    prompt.mockResolvedValueOnce({ first: 'J', last: '' });
    await identity.ask();
    expect(identity.student).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('follows another tab', () => {
    localStorage.setItem(KEY, JSON.stringify(MARY));
    tell(KEY);
    expect(identity.student?.id).toBe('MARY_ROE');
    localStorage.removeItem(KEY);
    tell(KEY);
    expect(identity.student).toBeNull();
    expect(changes).toEqual(['MARY_ROE', null]);
  });

  it('asks no longer when another tab has the answer', async () => {
    // A dialog that is dismissed is one that was cancelled.
    prompt.mockImplementation(
      (_, signal) =>
        new Promise(resolve =>
          signal.addEventListener('abort', () => resolve(null))
        )
    );
    const asked = identity.ask();
    tell(KEY);
    expect(prompt.mock.lastCall?.[1].aborted).toBe(false);
    localStorage.setItem(KEY, JSON.stringify(MARY));
    tell(KEY);
    await asked;
    expect(identity.student?.id).toBe('MARY_ROE');
    expect(identity.declined).toBe(false);
    expect(changes).toEqual(['MARY_ROE']);
  });

  it('hears nothing of other keys and storages', () => {
    localStorage.setItem(KEY, JSON.stringify(MARY));
    tell('other');
    tell(KEY, sessionStorage);
    expect(identity.student).toBeNull();
    expect(changes).toEqual([]);
  });

  it.each([
    'JOHN_DOE',
    '',
    'null',
    '[]',
    '"John"',
    '{"first":"John"}',
    '{"first":"John","last":7}',
    '{"first":"John","last":"<script>"}',
    '{"first":{},"last":[]}'
  ])('takes nothing from the stored value %s', stored => {
    localStorage.setItem(KEY, stored);
    const other = start();
    expect(other.student).toBeNull();
    tell(KEY);
    expect(identity.student).toBeNull();
    other.dispose();
  });

  it('works without a storage that works', async () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const storage = { getItem: refuse, setItem: refuse } as unknown as Storage;
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const other = start(SCOPE, storage);
    await other.ask();
    expect(other.student?.id).toBe('JOHN_DOE');
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
    other.dispose();
  });

  it('works where there is no storage', async () => {
    const other = new StudentIdentity({ scope: SCOPE, prompt, storage: null });
    await other.ask();
    expect(other.student?.id).toBe('JOHN_DOE');
    other.dispose();
  });

  it('keeps two people behind one origin apart', async () => {
    await identity.ask();
    const other = start('http://hub.example/user/bob/|bob');
    expect(other.student).toBeNull();
    prompt.mockResolvedValueOnce(MARY);
    await other.ask();
    tell(`ipynb-telemetry:student:http://hub.example/user/bob/|bob`);
    expect(identity.student?.id).toBe('JOHN_DOE');
    expect(other.student?.id).toBe('MARY_ROE');
    other.dispose();
  });

  it('lets nobody work under a name that Jupyter has another one for', async () => {
    await identity.ask();
    let assigned: INames | null = null;
    const hub = new StudentIdentity({
      scope: SCOPE,
      storage: localStorage,
      prompt,
      assigned: () => assigned
    });
    expect(hub.student?.id).toBe('JOHN_DOE');
    assigned = MARY;
    hub.refresh();
    expect(hub.student).toBeNull();

    await hub.ask();
    expect(hub.student).toBeNull();
    prompt.mockResolvedValueOnce(MARY);
    await hub.ask();
    expect(hub.student?.id).toBe('MARY_ROE');
    // As it may be stored by another page whose settings are older.
    localStorage.setItem(KEY, JSON.stringify(JOHN));
    tell(KEY);
    expect(hub.student).toBeNull();
    hub.dispose();
  });

  it('goes by the account where that is what counts, and nowhere else', async () => {
    const account = { first: '', last: '', account: 's1234567' };
    let assigned: INames | null = account;
    const hub = new StudentIdentity({
      scope: SCOPE,
      storage: localStorage,
      prompt,
      assigned: () => assigned
    });
    await hub.ask();
    expect(hub.student).toBeNull();
    prompt.mockResolvedValueOnce(account);
    await hub.ask();
    expect(hub.student).toEqual({ id: 's1234567', name: 's1234567' });
    // In the next page, too, and for nobody else.
    hub.refresh();
    expect(hub.student?.id).toBe('s1234567');
    for (const other of [{ ...account, account: 's7654321' }, MARY, null]) {
      assigned = other;
      hub.refresh();
      expect(hub.student).toBeNull();
    }
    hub.dispose();
  });

  it('goes by the roster under either rule of names, and by no damaged row', async () => {
    const listed = { first: '', last: '', listed: { id: 's17', name: 'Maŕy' } };
    let rule: NameRule = 'english';
    const made = new StudentIdentity({
      scope: SCOPE,
      storage: localStorage,
      prompt,
      rule: () => rule
    });
    prompt.mockResolvedValueOnce(listed);
    await made.ask();
    const student = { id: 's17', name: 'Maŕy', shown: 'Maŕy' };
    expect(made.student).toEqual(student);
    expect(made.shown).toEqual(student);
    rule = 'any';
    made.refresh();
    expect(made.student).toEqual(student);
    rule = 'pseudonym';
    made.refresh();
    expect(made.student).toBeNull();
    rule = 'english';
    for (const damaged of [{}, { id: 's17' }, { id: '\u0000', name: 'Mary' }]) {
      localStorage.setItem(KEY, JSON.stringify({ ...listed, listed: damaged }));
      tell(KEY);
      expect(made.student).toBeNull();
    }
    made.dispose();
  });

  it('gives a code in place of the name, which this browser alone knows', async () => {
    const code = 'c951-w80h-wfyn';
    const named = { code, name: 'Mary Roe' };
    let rule: NameRule = 'pseudonym';
    const make = (): StudentIdentity =>
      new StudentIdentity({
        scope: SCOPE,
        storage: localStorage,
        prompt,
        rule: () => rule
      });
    let made = make();
    prompt.mockResolvedValueOnce(JOHN);
    await made.ask();
    expect(made.student).toBeNull();
    // Whom this browser knew before is known with the code, for what waits here.
    const former = { id: 'm1', name: 'Mary Roe' };
    localStorage.setItem(
      KEY,
      JSON.stringify({ first: '', last: '', listed: former })
    );
    prompt.mockResolvedValueOnce({ first: '', last: '', pseudonym: named });
    await made.ask();
    expect(made.former).toBe('m1');
    made.dispose();
    made = make();
    expect(made.student).toEqual({ id: code, name: code });
    expect(JSON.stringify(made.student)).not.toContain('Mary');
    expect(made.shown).toEqual({ id: code, name: 'Mary Roe' });
    expect(made.former).toBe('m1');
    for (const [pseudonym, shown] of [
      [{ code, name: null }, code],
      [{ code: code.toUpperCase(), name: null }, undefined],
      [{ code: 'c915-w80h-wfyn', name: null }, undefined],
      [{ code, name: 5 }, undefined]
    ]) {
      localStorage.setItem(
        KEY,
        JSON.stringify({ first: '', last: '', pseudonym })
      );
      tell(KEY);
      expect(made.shown?.name).toBe(shown);
    }
    // Nobody goes by a code where names count.
    localStorage.setItem(
      KEY,
      JSON.stringify({ first: '', last: '', pseudonym: named })
    );
    for (rule of ['english', 'any'] as const) {
      made.refresh();
      expect(made.student).toBeNull();
    }
    made.dispose();
  });

  it('is silent when disposed, also to a dialog that was open', async () => {
    const answer = new PromiseDelegate<INames | null>();
    prompt.mockReturnValue(answer.promise);
    const asked = identity.ask();
    identity.dispose();
    answer.resolve(JOHN);
    await asked;
    localStorage.setItem(KEY, JSON.stringify(MARY));
    tell(KEY);
    expect(identity.student).toBeNull();
    expect(changes).toEqual([]);
    expect(identity.isDisposed).toBe(true);
  });
});
