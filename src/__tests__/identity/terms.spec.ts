// The same samples are given to the command line by `test_notice.py`.
import samples from '../../../conformance/rules/notices.json';
import { consentWords, noticeFacts } from '../../identity/noticefacts';
import { linkOf, noticeHash } from '../../identity/terms';
import { termsOf as termsInForce } from '../../runtime/terms';
import { trans } from '../fakes';
import { settingsOf } from '../settingssource';

describe('the notice', () => {
  it.each(
    samples.samples.map(
      sample => [JSON.stringify(sample.settings), sample] as const
    )
  )(
    'of %s has the words and the hash that the command prints',
    (_, { settings, lines, link, hash }) => {
      const values = settingsOf(settings);
      const terms = termsInForce({
        values,
        destination: { kind: 'collector' }
      });
      const facts = noticeFacts(terms, null, trans);
      expect(facts.lines.map(([label]) => label)).toEqual(
        lines.map(([label]) => label)
      );
      // The page writes lists as its language does, the command by commas alone.
      const plain = (text: string): string =>
        text.replace(/, and (?=[^,]*$)/, ', ');
      expect(facts.lines.map(([, text]) => plain(text))).toEqual(
        lines.map(([, text]) => plain(text))
      );
      expect(facts.link).toBe(link);
      expect(noticeHash(terms)).toBe(hash);
    }
  );

  it('leads to pages of the web only', () => {
    expect(linkOf('https://example.org/privacy')).toBe(
      'https://example.org/privacy'
    );
    for (const link of ['', 'javascript:alert(1)', 'privacy.html', 'data:,x']) {
      expect(linkOf(link)).toBeNull();
    }
  });

  it('says of a policy whom to ask, and of a change that there is one', () => {
    const { lines } = termsInForce({
      values: settingsOf({ notice: { policy: 'Ask room 3.' } }),
      destination: { kind: 'collector' }
    });
    const words = consentWords({ mode: 'required', lines }, true, trans);
    expect(words.choice).toEqual([
      expect.stringContaining('agreed to something else before'),
      'A policy requires this recording.',
      'Ask room 3.'
    ]);
  });
});
