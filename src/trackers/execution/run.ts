import type { CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import type { IBoundedText } from '../../events/boundedtext';
import { cut, cutClean } from '../../events/boundedtext';
import type { Properties } from '../../events/catalog';
import { withoutKnown } from '../../events/secrets';
import { withoutTokens } from '../../events/text';
import type { IOutputs, IRunError } from '../celloutput';
import { NO_OUTPUTS, permittedError, readOutput } from '../celloutput';
import type { ICellPlace, ITrackerContext } from '../tracker';
import { asCount, KernelTiming } from './kerneltiming';
import type { RunStatus } from './outcome';

/** One run of one code cell, from the moment it was asked for. */
export class Run {
  constructor(
    readonly cell: CodeCell,
    private readonly _context: ITrackerContext
  ) {
    this.modelId = cell.model.id;
    // Before anything is told that the code brings about: what is secret in it is known then.
    this._code = cutClean(
      cell.model.sharedModel.getSource(),
      _context.rules.maxCharacters,
      withoutTokens
    );
    this._place = _context.placeOf(cell.model);
    this._attempt = _context.counts.cells.next(
      this._place.cell_id ?? this.modelId
    );
  }

  /** The id by which the kernel's messages name the cell. */
  readonly modelId: string;
  readonly timing = new KernelTiming();

  /** The outputs that the cell shows; a moved cell has another model than it had. */
  get outputs(): IOutputs {
    const { cell } = this;
    if (!cell.isDisposed && !cell.model.isDisposed) {
      return cell.model.outputs;
    }
    const index = this._context.placeOf(this.modelId).cell_index;
    const model = index < 0 ? null : this._context.model.cells.get(index);
    return model?.type === 'code'
      ? (model as ICodeCellModel).outputs
      : NO_OUTPUTS;
  }

  /**
   * Tell of the run, now that it has ended.
   *
   * @param previousEnd - when the run before it ended, on `performance.now()`
   */
  describe(
    status: RunStatus,
    error: IRunError | null,
    previousEnd: number
  ): Properties<'cell_executed'> {
    const { timing } = this;
    const { captureCode, captureOutput, maxCharacters } = this._context.rules;
    const times = timing.finish(
      status === 'aborted' || (status === 'cancelled' && !timing.isSent),
      previousEnd
    );
    // What the run has put into the environment the kernel tells before the run's end.
    const code = cut(withoutKnown(this._code.text), maxCharacters);
    const output =
      timing.hasStarted || status !== 'cancelled'
        ? readOutput(
            this.outputs,
            captureOutput ? maxCharacters : 0,
            captureCode
          )
        : { text: '', truncated: false };
    return {
      ...this._place,
      execution_count:
        timing.executionCount ??
        (this.cell.isDisposed || status !== 'ok'
          ? null
          : asCount(this.cell.model.executionCount)),
      ...(captureCode ? { code: code.text } : {}),
      ...(captureOutput ? { output: output.text } : {}),
      success: status === 'ok',
      status,
      error: error && permittedError(error, this._context.rules),
      ...times,
      attempt: this._attempt,
      truncated:
        (captureCode && (code.truncated || this._code.truncated)) ||
        (captureOutput && output.truncated)
    };
  }

  private readonly _code: IBoundedText;
  private readonly _place: ICellPlace;
  private readonly _attempt: number;
}
