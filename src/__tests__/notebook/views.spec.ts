import type { NotebookPanel } from '@jupyterlab/notebook';
import { DisposableDelegate } from '@lumino/disposable';
import { Views } from '../../notebook/views';

const view = (id: string): NotebookPanel => ({ id }) as NotebookPanel;

describe('Views', () => {
  const [first, second] = [view('first'), view('second')];
  let views: Views;
  let story: string[];

  const follow = (name: string): ReturnType<Views['each']> =>
    views.each(({ id }) => {
      story.push(`${name}+${id}`);
      return new DisposableDelegate(() => story.push(`${name}-${id}`));
    });

  beforeEach(() => {
    views = new Views();
    story = [];
  });

  it('attaches to the views there are and those to come, once each', () => {
    views.add(first);
    follow('a');
    views.add(second);
    views.add(first);
    expect(story).toEqual(['a+first', 'a+second']);
    expect([...views.all]).toEqual([first, second]);
  });

  it('lets go of a view that closes', () => {
    views.add(first);
    views.add(second);
    follow('a');
    views.remove(first);
    views.remove(first);
    expect(story).toEqual(['a+first', 'a+second', 'a-first']);
    expect([...views.all]).toEqual([second]);
  });

  it('disposes what it attached once, whatever closes first', () => {
    const dispose = jest.fn();
    const following = views.each(() => ({ dispose, isDisposed: false }));
    views.add(first);
    views.remove(first);
    following.dispose();
    views.dispose();
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it('attaches anew to a view that comes back', () => {
    follow('a');
    views.add(first);
    views.remove(first);
    views.add(first);
    expect(story).toEqual(['a+first', 'a-first', 'a+first']);
  });

  it('lets go of everything for one who has enough', () => {
    views.add(first);
    const a = follow('a');
    follow('b');
    a.dispose();
    a.dispose();
    views.add(second);
    expect(story).toEqual(['a+first', 'b+first', 'a-first', 'b+second']);
  });

  it('lets go of everything when disposed', () => {
    views.add(first);
    views.add(second);
    follow('a');
    views.dispose();
    views.dispose();
    expect(story.slice(2)).toEqual(['a-first', 'a-second']);
    expect(views.all.size).toBe(0);
    expect(views.isDisposed).toBe(true);
  });
});
