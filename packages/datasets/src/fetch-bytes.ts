// How a file is read over the network, in a page and in Node.js alike.

/** The bytes that the server sends for `url`; undefined where it says that there are none. */
export async function fetchBytes(url: URL): Promise<Uint8Array | undefined> {
  const response = await fetch(url);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  // a connection that is not read to its end stays open
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) return undefined;
  throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
}
