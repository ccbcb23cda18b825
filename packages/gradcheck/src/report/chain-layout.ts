// Where the boxes of a chain stand: rows from the loss downward, each box below those that it was computed from, edges around boxes.
// The layers, dummies and barycentres of K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
// structures", 1981; positions within a row by isotonic regression, so that boxes never overlap. No drawing.

/** A box to place. */
export interface BoxSpec {
  readonly width: number;
  /** The positions in the list of the boxes that it comes from, all before its own. */
  readonly from: readonly number[];
}

/** The middle of a box, and its row. */
export interface Place {
  readonly x: number;
  readonly row: number;
}

/** A way from one box to another: where it is in each row from the one to the other. */
export interface Route {
  readonly from: number;
  readonly to: number;
  readonly through: readonly Place[];
}

/** Boxes and edges with their places; `x` begins at 0. */
export interface Layout {
  readonly places: readonly Place[];
  readonly routes: readonly Route[];
  readonly width: number;
  readonly rows: number;
}

/** A box, or the place where an edge passes a row. */
interface Item {
  readonly width: number;
  readonly row: number;
  readonly weight: number;
  readonly above: Item[];
  readonly below: Item[];
  x: number;
}

const gap = 22;
const passing = 10;
const sweeps = 6;

/** Places boxes in rows of at most `perRow`. */
export function layOut(boxes: readonly BoxSpec[], perRow: number): Layout {
  const rowOf = rowsOfBoxes(boxes, perRow);
  const leads = boxes.map((_, i) => boxes.some(({ from }) => from.includes(i)));
  // What others come from stays in line; what ends the chain makes way.
  const items = boxes.map(({ width }, i) => itemAt(width, rowOf[i]!, leads[i] ? 1000 : 1));
  const rows: Item[][] = Array.from({ length: Math.max(0, ...rowOf.map((row) => row + 1)) }, () => []);
  for (const item of [...items].sort((a, b) => b.weight - a.weight)) rows[item.row]!.push(item);
  const paths = boxes.flatMap(({ from }, to) =>
    [...new Set(from)].map((source) => ({ from: source, to, items: connect(items[source]!, items[to]!, rows) })),
  );
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) order(row, down ? 'above' : 'below');
  }
  for (const row of rows) {
    order(row, 'above');
    spread(row);
  }
  const left = Math.min(0, ...rows.flat().map(({ x, width }) => x - width / 2));
  const placeOf = ({ x, row }: Item): Place => ({ x: x - left, row });
  return {
    places: items.map(placeOf),
    routes: paths.map(({ from, to, items: path }) => ({ from, to, through: path.map(placeOf) })),
    width: Math.max(0, ...rows.flat().map(({ x, width }) => x - left + width / 2)),
    rows: rows.length,
  };
}

function itemAt(width: number, row: number, weight: number): Item {
  return { width, row, weight, above: [], below: [], x: 0 };
}

/** The row of each box: one below the lowest that it comes from; full rows go on in the next, what ends the chain first. */
function rowsOfBoxes(boxes: readonly BoxSpec[], perRow: number): number[] {
  const leads = boxes.map((_, i) => boxes.some(({ from }) => from.includes(i)));
  const rank: number[] = [];
  for (const { from } of boxes) rank.push(from.reduce((most, source) => Math.max(most, rank[source]! + 1), 0));
  const rowOf: number[] = Array.from({ length: boxes.length }, () => 0);
  let row = 0;
  for (let level = 0; level <= Math.max(-1, ...rank); level++) {
    const here = boxes.map((_, i) => i).filter((i) => rank[i] === level);
    here.sort((a, b) => Number(leads[b]) - Number(leads[a]) || a - b);
    for (const [count, i] of here.entries()) rowOf[i] = row + Math.floor(count / perRow);
    row += Math.ceil(here.length / perRow);
  }
  return rowOf;
}

/** Joins two items, through a new one in every row between them. */
function connect(source: Item, target: Item, rows: readonly Item[][]): Item[] {
  const path = [source];
  for (let row = source.row + 1; row < target.row; row++) {
    const dummy = itemAt(passing, row, 2);
    rows[row]!.push(dummy);
    path.push(dummy);
  }
  path.push(target);
  for (const [i, item] of path.slice(1).entries()) {
    item.above.push(path[i]!);
    path[i]!.below.push(item);
  }
  return path;
}

/** Sorts a row by the middle of what its items hang on, the heavy ones first among equals, and spaces it evenly for the next row. */
function order(row: Item[], by: 'above' | 'below'): void {
  const middles = new Map(row.map((item) => [item, item[by].length === 0 ? item.x : middleOf(item[by])]));
  row.sort((a, b) => middles.get(a)! - middles.get(b)! || b.weight - a.weight);
  const total = row.reduce((sum, { width }) => sum + width + gap, -gap);
  const middle = mean([...middles.values()]);
  let x = middle - total / 2;
  for (const item of row) {
    item.x = x + item.width / 2;
    x += item.width + gap;
  }
}

/** Where an item wants to be for these: by their weights, so that a chain stays in line beside the edges around it. */
function middleOf(items: readonly Item[]): number {
  const weight = items.reduce((sum, item) => sum + item.weight, 0);
  return items.reduce((sum, item) => sum + item.x * item.weight, 0) / weight;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Moves the items of a row as near below what they hang on as their order and widths allow: least squares by pooling neighbours. */
function spread(row: readonly Item[]): void {
  let offset = 0;
  const blocks: { sum: number; weight: number; items: { item: Item; offset: number }[] }[] = [];
  for (const [i, item] of row.entries()) {
    if (i > 0) offset += row[i - 1]!.width / 2 + gap + item.width / 2;
    const wanted = (item.above.length === 0 ? item.x : middleOf(item.above)) - offset;
    let block = { sum: wanted * item.weight, weight: item.weight, items: [{ item, offset }] };
    for (let last = blocks.at(-1); last && last.sum / last.weight >= block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, items: [...last.items, ...block.items] };
    }
    blocks.push(block);
  }
  for (const { sum, weight, items } of blocks) {
    for (const { item, offset: at } of items) item.x = sum / weight + at;
  }
}
