// MNIST's files from the page's own server, with how much of them has come.

/** The length of each of MNIST's files as the page's server has it, compressed; written here by the build. */
declare const __MNIST_BYTES__: { readonly [file: string]: number };

/** Bytes of all of MNIST's files together. */
export const mnistBytes: number = Object.values(__MNIST_BYTES__).reduce((sum, bytes) => sum + bytes, 0);

/** Fetches files, and tells of all bytes that came. */
export class Download {
  private readonly received = new Map<string, number>();
  private readonly folder: URL;
  private readonly onProgress: (received: number) => void;

  constructor(folder: URL, onProgress: (received: number) => void) {
    this.folder = folder;
    this.onProgress = onProgress;
  }

  /** The bytes of a file. @throws Error where the server does not send it. */
  async file(name: string): Promise<Uint8Array> {
    const response = await fetch(new URL(name, this.folder));
    if (!response.ok || response.body === null) {
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body.getReader();
    for (let length = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      // A server that compresses once more sends other lengths than those of its files.
      this.received.set(name, Math.min(length, __MNIST_BYTES__[name] ?? 0));
      this.onProgress([...this.received.values()].reduce((sum, bytes) => sum + bytes, 0));
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  }
}

/** `11.6 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
