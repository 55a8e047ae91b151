import { PageConfig } from '@jupyterlab/coreutils';
import { isThisComputer, wordsFor } from '../../runtime/destination';
import { trans } from '../fakes';

afterEach(() => PageConfig.setOption('hubUser', ''));

it.each([
  ['http://localhost:8888/', true],
  ['http://127.0.0.1:8888/', true],
  ['http://127.1.2.3/', true],
  ['http://[::1]:8888/', true],
  ['https://hub.example/user/ann/', false],
  ['http://192.168.1.7:8888/', false],
  ['https://localhost.example/', false],
  ['https://127.0.0.1.example/', false]
])('events of %s stay on this computer: %s', (baseUrl, is) => {
  expect(isThisComputer({ baseUrl })).toBe(is);
  expect(wordsFor({ kind: 'collector' }, { baseUrl }, trans)).toBe(
    is ? 'It stays on this computer.' : 'It stays on this Jupyter server.'
  );
});

it('a hub is nobody’s own computer', () => {
  PageConfig.setOption('hubUser', 'ann');
  expect(isThisComputer({ baseUrl: 'http://localhost:8000/user/ann/' })).toBe(
    false
  );
});
