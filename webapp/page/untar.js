// Reads a USTAR archive as webapp/archive.py and bytecode.py write it: regular files only, gzipped or not.

const BLOCK = 512;
const ascii = new TextDecoder("utf-8");

/** The archive's files as `{name, content}`, in order. Throws if it is damaged. */
export async function unpackTar(buffer) {
  let bytes = new Uint8Array(buffer);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    bytes = new Uint8Array(await new Response(plain).arrayBuffer());
  }
  const files = [];
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    if (text(bytes, at + 257, 5) !== "ustar") throw new Error("app.tar.gz is damaged");
    const prefix = text(bytes, at + 345, 155);
    const name = text(bytes, at, 100);
    const size = parseInt(text(bytes, at + 124, 12), 8);
    const start = at + BLOCK;
    // A copy, so that Pyodide may own the bytes without holding on to the whole archive.
    files.push({ name: prefix ? `${prefix}/${name}` : name, content: bytes.slice(start, start + size) });
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function text(bytes, start, length) {
  let end = start;
  while (end < start + length && bytes[end] !== 0) end += 1;
  return ascii.decode(bytes.subarray(start, end)).trim();
}
