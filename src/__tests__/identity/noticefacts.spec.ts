import schema from '../../../schema/plugin.json';
import {
  USUAL_NOTICE,
  noticeFacts,
  noticeText
} from '../../identity/noticefacts';
import type { ITerms } from '../../identity/terms';
import { trans } from '../fakes';

it('knows the default of the setting, to say it in the page’s language', () => {
  const { default: usual } = schema.properties.privacyNotice;
  expect(USUAL_NOTICE).toBe(usual);
  const other = { ...trans, __: () => 'en français' } as typeof trans;
  expect(noticeText(usual, other)).toBe('en français');
  expect(noticeText(`${usual} `, other)).toBe(`${usual} `);
});

const none = { responsible: '', contact: '', purpose: '', kept: '' };
const terms: ITerms = {
  mode: 'informed',
  privacyNotice: '',
  lines: { ...none, rights: '', link: '', policy: '' },
  destination: '',
  captured: ['runs', 'tests'],
  hidesSecrets: true
};

it('labels its lines in words of their own', () => {
  const other: typeof trans = Object.assign(Object.create(trans), {
    _p: (context: string, text: string) => `${text} (${context})`
  });
  const lines = { ...terms.lines, kept: 'a year' };
  expect(noticeFacts({ ...terms, lines }, null, other).lines).toMatchObject([
    ['Recorded', expect.anything()],
    ['Not recorded (notice)', expect.anything()],
    ['Kept (notice)', 'a year']
  ]);
});

it.each(['fr_FR', 'ar_SA', 'en', ''])(
  'lists what is recorded where JupyterLab writes its language as "%s"',
  language => {
    document.documentElement.lang = language;
    const facts = noticeFacts(terms, null, trans);
    expect(facts.lines[0][1]).toContain('test results');
  }
);

it.each([
  [1, 'after 1 day, by the collector'],
  [30, 'after 30 days, by the collector'],
  [null, undefined]
])('says of %s days when the collector deletes', (days, words) => {
  const { lines } = noticeFacts(terms, days, trans);
  expect(new Map(lines).get('Deleted')).toBe(words);
});
