// The same samples are given to the server and the command line by `test_check.py`.
import samples from '../../../conformance/rules/settings.json';
import schema from '../../../schema/plugin.json';
import { checkSettings } from '../../runtime/settingscheck';
import type { Values } from '../../runtime/settingskind';
import { faultWords } from '../../runtime/settingswords';
import { trans } from '../fakes';

interface ISample {
  readonly written: Values;
  readonly in_force: Values;
  /** The name; what it may have meant, or must be; what is closed. */
  readonly faults: ReadonlyArray<
    readonly [string, string | ReadonlyArray<string>, ReadonlyArray<string>]
  >;
}

describe('settings that are written', () => {
  it.each(
    (samples.samples as unknown as ISample[]).map(
      (sample): [string, ISample] => [JSON.stringify(sample.written), sample]
    )
  )('as %s are read as meant, or closed', (_, sample) => {
    const { values, faults } = checkSettings(schema.properties, sample.written);
    expect(values).toMatchObject(sample.in_force);
    expect(
      faults.map(fault => [fault.name, fault.closed, fault.meant])
    ).toEqual(
      sample.faults.map(([name, what, closed]) => [
        name,
        closed,
        typeof what === 'string' ? [] : what
      ])
    );
    sample.faults.forEach(([name, what], index) => {
      const words = faultWords(faults[index], values, trans);
      const told = typeof what === 'string' ? what : what.join(' or ');
      expect(words).toContain(name);
      expect(words).toContain(told);
    });
  });
});
