import { describe, expect, it } from 'vitest';
import { auditAll } from '../src/audits.ts';

const [sigmoidEntropy, sigmoidSquares, softmaxEntropy, step] = await auditAll();

describe('auditAll', () => {
  it('finds A − Y wrong for a sigmoid with binary cross-entropy: that is the gradient of another loss', () => {
    expect(sigmoidEntropy!.title).toBe('sigmoid, binary cross-entropy');
    expect(sigmoidEntropy!.report).toMatchObject({ ok: false, firstWrong: 'A3' });
    expect(sigmoidEntropy!.report.summary).toContain(
      'this is the gradient of squared error, not of binary cross-entropy',
    );
  });

  it('finds it right up to 1/m for squared error, and right with the next step for a softmax', () => {
    for (const audited of [sigmoidSquares!, softmaxEntropy!]) {
      expect(audited.report.ok).toBe(true);
      expect(audited.report.summary).toMatch(/^All 12 gradients are right; A3 /);
    }
    expect(sigmoidSquares!.report.summary).toContain('up to a constant factor');
    expect(softmaxEntropy!.report.summary).toContain('only together with the next step');
  });

  it('finds no square root in the step of Adam that the example trains with', () => {
    expect(step!.report).toMatchObject({
      kind: 'update',
      ok: false,
      firstWrong: { parameter: 'W', quantity: 'update' },
    });
    expect(step!.report.summary).toContain('there is no square root in the denominator');
  });
});
