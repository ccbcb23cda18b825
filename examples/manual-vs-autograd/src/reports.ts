// One audit as text, in every format that can be asked for: the table of verdicts, or in full by gradcheck's renderers.

import { auditMarkdown, derivation, showAudit, showUpdateAudit, updateMarkdown } from '@tapegrad/gradcheck';
import type { Format } from './options.ts';
import type { Combination } from './system.ts';
import { formulaTable } from './tables.ts';

/** What prints an audit. A step of an optimizer has no derivation. */
export const printers: { readonly [F in Format]: (combination: Combination) => string } = {
  table: formulaTable,
  details: ({ report }) => (report.kind === 'backward' ? showAudit(report) : showUpdateAudit(report)),
  markdown: ({ report }) => (report.kind === 'backward' ? auditMarkdown(report) : updateMarkdown(report)),
  derivation: ({ report }) => (report.kind === 'backward' ? derivation(report) : updateMarkdown(report)),
};
