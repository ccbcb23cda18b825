// Everything that `@tapegrad/gradcheck` offers. The matchers for vitest are in `@tapegrad/gradcheck/vitest`.

export { auditBackward, type BackwardAudit, type BackwardValues } from './audit/audit-backward.ts';
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
export type { Given, GivenOptions, GradientLike } from './audit/manual-run.ts';
export { type CheckOptions, checkGradients } from './check-gradients.ts';
export type { CheckEntry, CheckMethod, CheckReport, CheckVerdict, NotDifferentiable } from './check-report.ts';
export { type CompareOptions, compareGradients } from './compare-gradients.ts';
export type { CompareReport, CompareRow, CompareVerdict } from './compare-report.ts';
export type { Agreement, Comparison, Tolerance } from './comparison.ts';
export { type NumericDerivative, type NumericOptions, numericDerivative, type Smoothness } from './numeric.ts';
export { type AuditHtmlOptions, auditHtml } from './report/audit-html.ts';
export { auditMarkdown } from './report/audit-markdown.ts';
export { type ShowAuditOptions, showAudit } from './report/audit-text.ts';
export { showCheck } from './report/check-text.ts';
export { showComparison } from './report/compare-text.ts';
export { derivation } from './report/derivation.ts';
export { updateMarkdown } from './report/update-markdown.ts';
export { type ShowUpdateAuditOptions, showUpdateAudit } from './report/update-text.ts';
export {
  type AuditUpdateOptions,
  auditUpdate,
  type UpdateInput,
} from './update/audit-update.ts';
export type { OptimizerLike, RuleReference } from './update/reference.ts';
export type { ConstantName, Constants, SlotName } from './update/rule.ts';
export type { Convention, RuleName } from './update/rules.ts';
export type {
  RunName,
  UpdateCause,
  UpdateQuantity,
  UpdateReport,
  UpdateStepReport,
  UpdateVerdict,
} from './update/update-report.ts';
export type { Handed, NdArrayLike, NumberLists, Plain, PlainTree, PlainValue } from './values.ts';
