import aside from '../../style/class/aside.raw.css';
import base from '../../style/class/base.raw.css';
import charts from '../../style/class/charts.raw.css';
import filters from '../../style/class/filters.raw.css';
import grid from '../../style/class/grid.raw.css';
import narrow from '../../style/class/narrow.raw.css';
import now from '../../style/class/now.raw.css';

let isAdded = false;

/** Give the page the class view's style sheets, which a strict policy allows too. */
export function addClassStyle(): void {
  if (!isAdded) {
    isAdded = true;
    adopt([base, filters, aside, now, charts, grid, narrow].join(''));
  }
}

/** Give the page a style sheet by its text. */
export function adopt(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
