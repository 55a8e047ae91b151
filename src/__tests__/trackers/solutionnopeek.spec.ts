import { until } from '../fakes';
import {
  details,
  dispatchTrusted,
  PeekStage,
  SOLUTION,
  summaryOf
} from './peekstage';

const stage = new PeekStage();
const { addCell, click, clickSummary, toggled } = stage;

describe('what is no peek', () => {
  it('a block that renders open', async () => {
    addCell(SOLUTION.replace('<details>', '<details open>'));
    await until(() => stage.toggles > 0);
    expect(stage.doc.events).toEqual([]);
  });

  it('a block that find-in-page or a script unfolds', async () => {
    const cell = addCell(SOLUTION);
    await toggled(() => {
      details(cell).open = true;
    });
    await toggled(() => {
      details(cell).open = false;
    });
    await toggled(() => details(cell).querySelector('summary')?.click());
    expect(stage.doc.events).toEqual([]);
  });

  it('the closing of one that was never opened by the student', async () => {
    const cell = addCell(SOLUTION.replace('<details>', '<details open>'));
    await until(() => stage.toggles > 0);
    await clickSummary(cell);
    expect(stage.doc.events).toEqual([]);
    await clickSummary(cell);
    expect(stage.doc.all('solution_peek')).toMatchObject([{ peek: 1 }]);
  });

  it.each([
    [499, 1],
    [500, 0]
  ])(
    'a block that unfolds %d ms after a click that came to nothing (%d)',
    async (ms, peeks) => {
      jest.useFakeTimers({ doNotFake: ['requestAnimationFrame'] });
      const cell = addCell(SOLUTION);
      const prevent = (event: Event): void => event.preventDefault();
      summaryOf(cell).addEventListener('click', prevent);
      dispatchTrusted(summaryOf(cell));
      jest.advanceTimersByTime(ms);
      await toggled(() => {
        details(cell).open = true;
      });
      expect(stage.doc.all('solution_peek')).toHaveLength(peeks);
    }
  );

  it('a block outside the notebook', async () => {
    document.body.insertAdjacentHTML('beforeend', `<p id="x">${SOLUTION}</p>`);
    await click(
      document.querySelector('body > details > summary, #x summary') as Element
    );
    expect(stage.doc.events).toEqual([]);
  });
});
