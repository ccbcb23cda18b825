// Everything that `@tapegrad/gradcheck` offers. The matchers for vitest are in `@tapegrad/gradcheck/vitest`.

export type {
  AuditReport,
  Cause,
  CauseKind,
  ElementSample,
  FormulaText,
  NumericOpinion,
  TermReport,
  ThreeOpinions,
  Verdict,
} from './audit/audit-report.ts';
export type { Agreement, Comparison, Tolerance } from './comparison.ts';
