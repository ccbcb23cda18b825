// The style sheet of the pages: light and dark by what the reader's system prefers, readable on a phone, printable.

/** Text colours have a contrast of at least 4.5 on their background in both schemes. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f7f9; --line: #d5d9e0; --text: #1b1f24; --soft: #5b6470;
  --good: #1a7f37; --note: #8a5a00; --bad: #c21f2c; --dim: #68717d; --gap: #7a3fb8;
  --good-fill: #e3f5e8; --note-fill: #fdf2d8; --bad-fill: #fde6e7; --dim-fill: #eef0f3; --gap-fill: #f2e9fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1216; --card: #181c22; --line: #343b45; --text: #e6e9ed; --soft: #a0a9b5;
    --good: #57c878; --note: #e0ae4a; --bad: #ff7b80; --dim: #97a1ad; --gap: #c79bf2;
    --good-fill: #12291a; --note-fill: #2c230e; --bad-fill: #3a1619; --dim-fill: #1c2128; --gap-fill: #281a38;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.55rem; line-height: 1.3; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 36px 0 10px; }
h3 { font-size: .95rem; margin: 18px 0 6px; }
p { margin: 6px 0; overflow-wrap: anywhere; }
.summary { font-size: 1.1rem; margin: 0 0 8px; }
nav { font-size: .9rem; margin-bottom: 10px; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 3px; }
code, pre, .number { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .9em; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.facts, .note { color: var(--soft); font-size: .9rem; }
.good { color: var(--good); } .note-tone { color: var(--note); } .bad { color: var(--bad); }
.dim { color: var(--dim); } .gap { color: var(--gap); }
.problems { margin: 14px 0; padding: 10px 14px 10px 32px; background: var(--bad-fill); border-left: 4px solid var(--bad); }
.problems li { overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0 0; padding: 0; list-style: none; font-size: .85rem; color: var(--soft); }
.legend b { display: inline-block; min-width: 1.2em; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .92rem; }
.overview { width: 100%; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th { font-weight: 600; color: var(--soft); font-size: .82rem; vertical-align: bottom; }
td.number, th.number { text-align: right; }
td.number { white-space: nowrap; }
th.number { font-family: inherit; font-size: .82rem; }
td.name { overflow-wrap: anywhere; } td.name a { text-decoration: none; border-bottom: 1px dotted var(--soft); }
td.wide { white-space: nowrap; }
tr.first td { background: var(--bad-fill); font-weight: 600; }
tr.first td:first-child { box-shadow: inset 4px 0 var(--bad); }
.sign { text-align: center; white-space: nowrap; }
.tag { display: inline-block; padding: 0 7px; border-radius: 9px; background: var(--bad); color: var(--page); font-size: .72rem; font-weight: 700; letter-spacing: .04em; }
details { margin: 10px 0; border: 1px solid var(--line); border-radius: 8px; background: var(--card); scroll-margin-top: 8px; }
details.first { border: 2px solid var(--bad); }
summary { padding: 10px 14px; cursor: pointer; overflow-wrap: anywhere; }
summary .shape { color: var(--soft); margin-left: 6px; }
.body { padding: 0 14px 14px; }
.formulas { display: grid; grid-template-columns: max-content 1fr; gap: 4px 14px; margin: 10px 0 0; }
.formulas dt { color: var(--soft); font-size: .9rem; } .formulas dd { margin: 0; min-width: 0; }
.causes { margin: 8px 0; padding-left: 20px; } .causes li { overflow-wrap: anywhere; margin: 2px 0; }
.causes .fit { color: var(--soft); }
.maps { display: flex; flex-wrap: wrap; gap: 16px 28px; margin-top: 14px; }
figure { margin: 0; width: max(190px, var(--map, 0px)); max-width: 100%; }
figcaption { font-size: .85rem; color: var(--soft); margin-bottom: 4px; }
.map { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); background: var(--page); }
.map image { image-rendering: pixelated; }
.map text { fill: var(--text); font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; text-anchor: middle; dominant-baseline: central; }
.map .hatch { stroke: var(--soft); stroke-width: 1; }
.scale { display: grid; grid-template-columns: 1fr auto 1fr; column-gap: 8px; max-width: 190px; margin-top: 5px; font-size: .78rem; color: var(--soft); }
.scale i { grid-column: 1 / -1; height: 8px; border: 1px solid var(--line); }
.scale span:last-child { text-align: right; }
.chain { display: block; margin: 0 auto; width: 100%; height: auto; }
.chain text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: var(--text); }
.chain .small { font-size: 11px; fill: var(--soft); }
.chain rect { stroke-width: 1.5; fill: var(--card); stroke: var(--line); }
.chain .edge { fill: none; stroke: var(--soft); stroke-width: 1.3; opacity: .75; }
.chain .edge.off { stroke: var(--bad); stroke-dasharray: 4 3; }
.chain .head { fill: var(--soft); } .chain .head.off { fill: var(--bad); }
.chain .is-good rect { fill: var(--good-fill); stroke: var(--good); } .chain .is-good .sign { fill: var(--good); }
.chain .is-note rect { fill: var(--note-fill); stroke: var(--note); } .chain .is-note .sign { fill: var(--note); }
.chain .is-bad rect { fill: var(--bad-fill); stroke: var(--bad); } .chain .is-bad .sign { fill: var(--bad); }
.chain .is-dim rect { fill: var(--dim-fill); stroke: var(--line); } .chain .is-dim text { fill: var(--dim); }
.chain .is-gap rect { fill: var(--gap-fill); stroke: var(--gap); stroke-dasharray: 5 4; } .chain .is-gap .sign { fill: var(--gap); }
.chain .is-first rect { stroke-width: 4; }
.chain .is-first .flag { fill: var(--bad); stroke: none; }
.chain text.flagged { fill: var(--page); font: 700 11px system-ui, sans-serif; }
.chain .sign { font-weight: 700; }
@media (max-width: 640px) {
  body { font-size: 15px; }
  main { padding: 16px 12px 48px; }
  h1 { font-size: 1.3rem; }
  .overview .wide { display: none; }
  .overview th, .overview td { padding: 6px 5px; }
  .overview td.number { font-size: .8rem; }
  .maps { gap: 12px; } figure { width: max(98px, var(--map, 0px)); }
  .formulas { grid-template-columns: 1fr; gap: 0; } .formulas dd { margin-bottom: 8px; }
}
@media print { details { break-inside: avoid; } .scroll { overflow: visible; } }
`;
