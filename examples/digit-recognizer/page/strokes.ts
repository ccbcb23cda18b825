// What was drawn: strokes of a pen. No canvas here.

/** A place on the pad: 0 is its left or upper edge, 1 the right or lower one. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the pen went, from when it was put down until it was lifted. */
export type Stroke = readonly Point[];

/** Strokes, of which the last ones can be taken back. */
export class Drawing {
  private readonly done: Stroke[] = [];
  private current: Point[] | undefined;

  /** All strokes, the one that is being drawn among them. */
  get strokes(): readonly Stroke[] {
    return this.current === undefined ? this.done : [...this.done, this.current];
  }

  /** Puts the pen down. */
  begin(point: Point): void {
    this.end();
    this.current = [point];
  }

  /** Moves the pen, where it is down. */
  add(point: Point): void {
    this.current?.push(point);
  }

  /** Lifts the pen. */
  end(): void {
    if (this.current !== undefined) this.done.push(this.current);
    this.current = undefined;
  }

  /** Takes the last stroke back. */
  undo(): void {
    this.end();
    this.done.pop();
  }

  clear(): void {
    this.current = undefined;
    this.done.length = 0;
  }
}
