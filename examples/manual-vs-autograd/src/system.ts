// What a system is here: combinations of its parts, each with what the audit found. Nothing in it says what should be found.

import type { AuditReport, UpdateReport } from '@tapegrad/gradcheck';

/** One way to put a system's parts together, judged. */
export interface Combination {
  /** Its parts: "ReLU, ReLU, softmax; cross-entropy". */
  readonly title: string;
  /** What the author wrote for an optimizer's step; the formulas of a backward pass are in the report. */
  readonly formula?: string;
  readonly report: AuditReport | UpdateReport;
}

/** One of the five write-ups. */
export interface System {
  /** Its letter: `a`. */
  readonly key: string;
  readonly title: string;
  /** Audits every combination that the text mentions, on weights of this seed. */
  readonly audit: (seed: number) => Promise<readonly Combination[]>;
}
