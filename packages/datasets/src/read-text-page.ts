// How `#read-text` reads a file in a page. In Node.js: read-text-node.ts.

/** The text that the server sends for `url`. */
export async function readText(url: URL): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  return response.text();
}
