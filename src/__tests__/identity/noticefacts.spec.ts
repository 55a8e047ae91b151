import schema from '../../../schema/plugin.json';
import {
  USUAL_NOTICE,
  noticeFacts,
  noticeText
} from '../../identity/noticefacts';
import { trans } from '../fakes';

it('knows the default of the setting, to say it in the page’s language', () => {
  const { default: usual } = schema.properties.privacyNotice;
  expect(USUAL_NOTICE).toBe(usual);
  const other = { ...trans, __: () => 'en français' } as typeof trans;
  expect(noticeText(usual, other)).toBe('en français');
  expect(noticeText(`${usual} `, other)).toBe(`${usual} `);
});

it.each(['fr_FR', 'ar_SA', 'en', ''])(
  'lists what is recorded where JupyterLab writes its language as "%s"',
  language => {
    document.documentElement.lang = language;
    const none = { responsible: '', contact: '', purpose: '', kept: '' };
    const facts = noticeFacts(
      {
        mode: 'informed',
        privacyNotice: '',
        lines: { ...none, rights: '', link: '', policy: '' },
        destination: '',
        captured: ['runs', 'tests'],
        hidesSecrets: true,
        retentionDays: null
      },
      trans
    );
    expect(facts.lines[0][1]).toContain('test results');
  }
);
