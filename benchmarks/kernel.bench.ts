// What a flagged notebook adds to its kernel: nothing that is called when a cell runs.
import { code, flagged, plain } from '../ui-tests/support/cells';
import { expect, test } from '../ui-tests/support/fixtures';
import { median, ratios, record, spread } from './support/figures';
import { askKernel } from './support/kernel';
import { Lab } from './support/lab';
import { serverFor } from './support/servers';

const ROUNDS = 9;

/** Everything IPython lets others have called around a cell. */
const HOOKS = `
import json
def hooks():
    shell = get_ipython()
    lists = dict(shell.events.callbacks)
    for name in "input_transformers_cleanup", "input_transformers_post", "ast_transformers":
        lists[name] = getattr(shell, name)
    return [f"{name}: {getattr(hook, '__qualname__', type(hook).__qualname__)}"
            for name, found in lists.items() for hook in found]
print(json.dumps({"hooks": hooks(), "isTracked": "tracked_test" in globals()}))
`;

/** Processor time of a trivial cell in the kernel, in microseconds. */
const TIME = `
import json, time
def time_cells(count=1000):
    run = get_ipython().run_cell
    begin = time.process_time()
    for _ in range(count):
        run("x = 1", store_history=False)
    return (time.process_time() - begin) / count * 1e6
print(json.dumps(time_cells()))
`;

interface IHooks {
  readonly hooks: string[];
  readonly isTracked: boolean;
}

test('kernel', async ({ browser, startServer }) => {
  const server = await startServer(await serverFor('ours'));
  await server.write('off.ipynb', plain([code('1')]));
  await server.write('on.ipynb', flagged([code('1')]));
  const off = await Lab.open(browser);
  await off.notebook(server, 'off.ipynb');
  const on = await Lab.open(browser);
  const notebook = await on.notebook(server, 'on.ipynb', { isFlagged: true });
  await notebook.runToEnd(0);

  const bare = await askKernel<IHooks>(off.page, HOOKS);
  const ours = await askKernel<IHooks>(on.page, HOOKS);
  expect([bare.isTracked, ours.isTracked]).toEqual([false, true]);
  const added = ours.hooks.filter(hook => !bare.hooks.includes(hook));
  record({
    measure: 'Hooks added to the kernel that run with each cell',
    value: added.length + ours.hooks.length - bare.hooks.length,
    unit: 'hooks',
    atMost: 0,
    note: added.join(', ') || `the same ${bare.hooks.length} as without us`
  });

  const without: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await askKernel<number>(off.page, TIME));
    own.push(await askKernel<number>(on.page, TIME));
  }
  const ratio = ratios(own, without);
  record({
    measure: 'Kernel time of a cell, to that without us',
    value: median(ratio),
    unit: 'x',
    note: `${median(own).toFixed(0)} µs; ${spread(ratio)}; its hooks say that nothing is added`
  });
  await off.close();
  await on.close();
});
