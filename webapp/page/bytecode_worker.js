// Compiles the app's Python once per version and keeps the result beside the version's files, so that the next start
// reads bytecode: about half of the work that Python does at a start is compiling (docs/adr/0002-bytecode.md).
//
// Nothing depends on it: without the result, or with a damaged one, python_worker.js starts from the sources.
import { bytecodeAddress, versionCache } from "./bytecode_store.js";

async function compile({ version, pyodideUrl, appPackageUrl }) {
  const cache = versionCache(version);
  const base = new URL("./", self.location);
  if (await caches.match(bytecodeAddress("app.tar"), { cacheName: cache })) return;
  const { loadPyodide } = await import(pyodideUrl);
  const pyodide = await loadPyodide();
  pyodide.runPython(await text(new URL("bytecode.py", base)));
  const results = {
    "stdlib.zip": await compiled(pyodide, "compiled_zip", new URL("pyodide/python_stdlib.zip", base), "/lib/python"),
    // Written last: it alone says that the result is complete.
    "app.tar": await compiled(pyodide, "compiled_tar", appPackageUrl, "/home/pyodide"),
  };
  if (!(await caches.has(cache))) return; // another version was installed meanwhile
  const store = await caches.open(cache);
  for (const [name, content] of Object.entries(results)) {
    await store.put(bytecodeAddress(name), new Response(content));
  }
}

async function compiled(pyodide, name, url, place) {
  const packed = new Uint8Array(await (await checked(fetch(url))).arrayBuffer());
  const result = pyodide.globals.get(name)(pyodide.toPy(packed).tobytes(), place);
  const content = result.toJs();
  result.destroy();
  return content;
}

const text = async (url) => (await checked(fetch(url))).text();

async function checked(answer) {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.url}: HTTP ${response.status}`);
  return response;
}

self.onmessage = async ({ data }) => {
  try {
    // Two tabs need not do it both.
    await navigator.locks.request("rundgang-bytecode", { ifAvailable: true }, (lock) => lock && compile(data));
  } catch (error) {
    console.warn("bytecode:", String(error)); // storage full, most likely: the next start tries again
  } finally {
    self.close();
  }
};
