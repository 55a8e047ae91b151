import { JOHN } from '../../fakes';
import { CommKernel } from './commkernel';
import { KernelCommStage } from './kernelcommstage';

const stage = new KernelCommStage();
const { start } = stage;

describe('a kernel that fails', () => {
  let warn: jest.SpyInstance;

  beforeEach(() => {
    warn = jest.spyOn(console, 'warn').mockReturnValue();
  });
  afterEach(() => warn.mockRestore());

  it('to take the request is told of', async () => {
    const kernel = new CommKernel();
    kernel.requestExecute = () => {
      throw new Error('gone');
    };
    await start(kernel);
    expect(warn).toHaveBeenCalledTimes(1);
    // The kernel will never be told: what waits for that goes on.
    expect(stage.kernelComm.isSettled).toBe(true);
  });

  it('to load the code is told of', async () => {
    const kernel = new CommKernel();
    kernel.done = Promise.resolve({
      content: { status: 'error', ename: 'SyntaxError', evalue: 'old' }
    });
    await start(kernel);
    expect(warn.mock.calls[0][0]).toContain('SyntaxError: old');
  });

  it('away is not', async () => {
    const kernel = new CommKernel();
    kernel.done = Promise.reject(new Error('canceled'));
    await start(kernel);
    kernel.isGone = true;
    stage.kernelComm.student = JOHN;
    stage.kernelComm.dispose();
    expect(warn).not.toHaveBeenCalled();
  });
});
