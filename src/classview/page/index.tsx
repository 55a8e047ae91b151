import * as React from 'react';
import { createRoot } from 'react-dom/client';
import css from '../../../style/class/page.raw.css';
import { readAddress, writeAddress } from '../model/address';
import { ClassClient } from '../model/client';
import { ClassModel } from '../model/model';
import { Refresher } from '../model/refresher';
import { addClassStyle, adopt } from '../style';
import type { Trans } from '../trans';
import { ClassView } from '../view';
import { sendFromPage } from './send';
import { wordsFor } from './words';

adopt(css);
addClassStyle();
followScheme();
// The token stands in the address that Jupyter prints; the cookie is enough from now on.
const own = new URL(window.location.href);
own.searchParams.delete('token');
window.history.replaceState(null, '', own);
/** What looks at the server until the page is left. */
export const refresher = wordsFor(navigator.languages).then(
  ({ language, trans }) => {
    document.documentElement.lang = language;
    document.title = trans.__('Class View');
    document.querySelector('h1')!.textContent = document.title;
    return start(trans);
  }
);

function start(trans: Trans): Refresher {
  const client = new ClassClient(sendFromPage(own.pathname), trans);
  const model = new ClassModel(
    client,
    readAddress(window.location.hash),
    trans
  );
  const refresher = new Refresher(
    document.body,
    () => model.refresh(),
    () => true
  );
  model.wanted.connect(refresher.refresh, refresher);
  window.addEventListener('pagehide', ({ persisted }) => {
    if (!persisted) {
      refresher.dispose();
    }
  });
  // The address keeps what is looked at; a step back goes there again.
  let written = '';
  model.changed.connect(() => {
    const hash = `#${writeAddress(model.address)}`;
    // An answer that comes must not undo an address that was just given and not read yet.
    if (hash !== written) {
      written = hash;
      window.history.replaceState(null, '', hash);
    }
  });
  window.addEventListener('hashchange', () => {
    model.go(readAddress(window.location.hash));
  });
  const root = document.getElementById('class-view')!;
  createRoot(root).render(<ClassView model={model} host={{}} trans={trans} />);
  return refresher;
}

/** Light or dark, as the system says, in the words in which JupyterLab's themes say it. */
function followScheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const follow = (): void => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
  };
  dark.addEventListener('change', follow);
  follow();
}
