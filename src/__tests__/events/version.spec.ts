import { version } from '../../../package.json';
import { VERSION } from '../../events/version';

it('VERSION is the version of the package', () => {
  expect(VERSION).toBe(version);
});
