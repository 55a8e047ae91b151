import type { CodeCellModel } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Signal } from '@lumino/signaling';
import { forgetSecrets } from '../../../events/secrets';
import { toldValues } from '../../../events/toldvalues';
import { told } from '../../events/told';
import { FakeKernel } from '../../kernelfakes';
import { ExecutionStage, ZERO } from './executionstage';

const stage = new ExecutionStage();
const { runs, scheduled, executed } = stage;

describe('the settings', () => {
  const run = (source = 'x'.repeat(50)): Record<string, unknown> => {
    const cell = stage.doc.addCell(source);
    (cell.model as CodeCellModel).outputs.add({
      output_type: 'stream',
      name: 'stdout',
      text: 'y'.repeat(30)
    });
    scheduled(cell);
    executed(cell);
    return runs()[runs().length - 1];
  };

  it('cut code and output, each', () => {
    stage.doc.rules = { ...stage.doc.rules, maxCharacters: 40 };
    expect(run()).toMatchObject({
      code: 'x'.repeat(40),
      output: 'y'.repeat(30),
      truncated: true
    });
    stage.doc.rules = { ...stage.doc.rules, maxCharacters: 50 };
    expect(run()).toMatchObject({ truncated: false });
    stage.doc.rules = { ...stage.doc.rules, maxCharacters: 29 };
    expect(run()).toMatchObject({
      code: 'x'.repeat(29),
      output: 'y'.repeat(29)
    });
  });

  it('leave no token in the code', () => {
    const address = 'http://localhost:8888/api?token=';
    expect(run(`get("${address}0a1b2c&x=1")`)).toMatchObject({
      code: `get("${address}…&x=1")`
    });
  });

  it('leave code or output out, at once', () => {
    stage.doc.rules = { ...stage.doc.rules, captureCode: false };
    expect(Object.keys(run())).not.toContain('code');
    expect(run()).toMatchObject({ output: 'y'.repeat(30) });
    stage.doc.rules = {
      ...stage.doc.rules,
      captureCode: true,
      captureOutput: false
    };
    expect(Object.keys(run())).not.toContain('output');
    expect(run()).toMatchObject({ code: 'x'.repeat(50), truncated: false });
  });

  it('leave no trace of the output in an error', () => {
    const cell = stage.doc.addCell('x');
    const error = {
      errorName: 'KeyError',
      errorValue: 'secret value',
      traceback: ['secret trace']
    };
    stage.doc.rules = { ...stage.doc.rules, captureOutput: false };
    scheduled(cell);
    executed(cell, false, error);
    expect(runs()).toMatchObject([
      { error: { name: 'KeyError', value: '', traceback: '' } }
    ]);
  });
});

describe('dispose', () => {
  it('cancels the runs under way, and hears nothing any more', () => {
    const [first, second] = [stage.doc.addCell('x'), stage.doc.addCell('y')];
    scheduled(first);
    scheduled(second);
    const request = stage.kernel.request(first.model.id);
    stage.kernel.busy(request);
    stage.tracker.dispose();
    stage.tracker.dispose();
    expect(runs().map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled'
    ]);

    const { anyMessage } = stage.kernel;
    const signals = [
      anyMessage,
      stage.doc.statusChanged,
      stage.doc.kernelChanged
    ];
    const before = signals.map(({ heard }) => heard);
    executed(first);
    scheduled(second);
    stage.kernel.request(second.model.id);
    stage.doc.statusChanged.emit('dead');
    stage.doc.kernelChanged.emit({
      oldValue: stage.kernel,
      newValue: new FakeKernel()
    });
    expect(runs()).toHaveLength(2);
    expect(signals.map(({ heard }) => heard)).toEqual(before);
  });

  it('lets go of the signals all notebooks share', () => {
    stage.tracker.dispose();
    const touched = jest.fn();
    const args = {
      get notebook() {
        touched();
        return null;
      }
    };
    const { executed, executionScheduled } = NotebookActions;
    (executed as Signal<unknown, object>).emit(args);
    (executionScheduled as Signal<unknown, object>).emit(args);
    expect(touched).not.toHaveBeenCalled();
  });
});

describe('a value that the kernel tells while a cell runs', () => {
  const VALUE = 'zz91k4m8q2w7x5';

  afterEach(forgetSecrets);

  it('is in no text of the run', () => {
    const cell = stage.doc.addCell(`keep("${VALUE}")`);
    scheduled(cell);
    const request = stage.kernel.request(cell.model.id);
    stage.show(cell, {
      output_type: 'stream',
      name: 'stdout',
      text: `${VALUE}\nan ordinary line\n`
    });
    toldValues.take([told(VALUE)]);
    stage.answer(request, {
      ...ZERO,
      evalue: `not ${VALUE}`,
      traceback: ['Traceback', `----> 1 keep("${VALUE}")`]
    });
    executed(cell, false);
    expect(runs()).toMatchObject([
      {
        code: 'keep("‹secret›")',
        output: '‹secret›\nan ordinary line\n',
        error: {
          value: 'not ‹secret›',
          traceback: 'Traceback\n----> 1 keep("‹secret›")'
        }
      }
    ]);
  });
});
