import { readJupyterUser } from '../../identity/jupyteruser';
import { makeStudent } from '../../identity/name';

/** The id under which an account's work is recorded without a question. */
const idOf = (username: string, name = username): string | null => {
  const names = readJupyterUser(username, name)?.names;
  return names ? (makeStudent(names.first, names.last)?.id ?? null) : null;
};
const suggested = (username: string, name = username): string[] => {
  const user = readJupyterUser(username, name);
  return user ? [user.suggestion.first, user.suggestion.last] : [];
};

describe('readJupyterUser', () => {
  it.each([
    ['ann.lee', 'ANN_LEE'],
    ['ann_lee', 'ANN_LEE'],
    ['ann-lee', 'ANN_LEE'],
    ['Ann Lee', 'ANN_LEE'],
    ['ANN_LEE', 'ANN_LEE'],
    ['ann.lee@school.example', 'ANN_LEE'],
    ['anne-marie.lee', 'ANNE-MARIE_LEE']
  ])('takes %s for %s', (username, id) => {
    expect(idOf(username)).toBe(id);
  });

  it('takes the full name where the account is called otherwise', () => {
    expect(idOf('alee42', 'Ann Lee')).toBe('ANN_LEE');
    expect(idOf('ann.lee', 'Annie Leigh')).toBe('ANN_LEE');
  });

  it.each([
    ['ann', ['Ann', '']],
    ['ann42', ['Ann', '']],
    ['ann.lee2', ['Ann', 'Lee']],
    ['josé.garcía', ['Jose', 'Garcia']],
    ['anne.marie.lee', ['Anne Marie', 'Lee']],
    ['a.lee', ['Lee', '']],
    ['12345', ['', '']],
    ['李.明', ['', '']]
  ])('only suggests what %s has of a name', (username, names) => {
    expect(idOf(username)).toBeNull();
    expect(suggested(username)).toEqual(names);
  });

  it('suggests what makes two names before what makes one', () => {
    expect(suggested('ann', 'Ann van Lee')).toEqual(['Ann Van', 'Lee']);
    expect(suggested('4711', 'Ann')).toEqual(['Ann', '']);
  });

  it('shows names as they are written', () => {
    expect(suggested('anne-marie.lee')).toEqual(['Anne-Marie', 'Lee']);
  });

  it('knows nobody by a name that the server made up', () => {
    const token = '0f8fad5bd9cb469fa16570867728950e';
    expect(readJupyterUser(token, 'Anonymous Ganymede')).toBeNull();
    expect(readJupyterUser('anonymous', 'anonymous')).toBeNull();
    expect(readJupyterUser('', '')).toBeNull();
  });
});
