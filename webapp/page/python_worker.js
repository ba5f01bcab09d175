// Runs the app's Python (contract: flet_web/web/python-worker.js of Flet 1.0.5).
//
// Differences to Flet's: it begins before Flutter asks, unpacks the archive itself (Python's tarfile needs ten times
// as long), reads bytecode where there is some (bytecode_worker.js), imports what the main module will need
// (and calls what it has to do) while Flutter is still starting, and installs nothing: every package is in the archive.
import { forgetBytecode, keptBytecode } from "./bytecode_store.js";
import { unpackTar } from "./untar.js";

const HOME = "/home/pyodide";
let drawn;
// `drawn` is for the app: resolved when the first screen is on the glass. `wishes` is what the person asks of every
// page (wishes.js); the app sets `wishes_changed` to hear of other ones, and
// `key_pressed` to hear of Escape and Tab.
const fletJs = { drawn: new Promise((resolve) => { drawn = resolve; }) };
let python; // a promise of the warm interpreter
let running = false;

async function warmUp(start) {
  reached("begun");
  const bytecode = await keptBytecode(start.version).catch(() => null);
  if (bytecode) {
    try {
      return await boot(start, bytecode.archive, URL.createObjectURL(bytecode.stdlib));
    } catch (error) {
      console.warn("bytecode:", String(error));
      await forgetBytecode(start.version);
    }
  }
  return boot(start, fetchArchive(start.appPackageUrl));
}

async function boot({ pyodideUrl, warmModules, documentUrl }, packed, stdLibURL) {
  const archive = Promise.resolve(packed).then(unpackTar);
  const { loadPyodide } = await import(pyodideUrl);
  const pyodide = await loadPyodide({
    ...(stdLibURL && { stdLibURL }),
    stdout: (text) => console.log(text),
    stderr: (text) => console.error(text),
    env: {
      HOME,
      LANG: "de_DE.UTF-8",
      // Looking for pydantic plugins reads the metadata of every package; there are none.
      PYDANTIC_DISABLE_PLUGINS: "1",
      // Bytecode written to a file system in memory is gone at the next start.
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  reached("pyodide");
  fletJs.documentUrl = documentUrl;
  pyodide.registerJsModule("flet_js", fletJs);
  for (const { name, content } of await archive) {
    const path = `${HOME}/${name}`;
    pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    pyodide.FS.writeFile(path, content, { canOwn: true });
  }
  reached("unpacked");
  pyodide.globals.set("warm_modules", pyodide.toPy(warmModules));
  pyodide.runPython(`
    import importlib, runpy, sys
    sys.path[:0] = ["${HOME}", "${HOME}/__pypackages__"]
    for name in warm_modules:
        module = importlib.import_module(name)
        if hasattr(module, "while_flutter_loads"):
            module.while_flutter_loads()
    del module, name, warm_modules
  `);
  reached("imported");
  return pyodide;
}

async function fetchArchive(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return response.arrayBuffer();
}

async function run(mainModule, args) {
  reached("asked");
  const pyodide = await python;
  fletJs.args = args;
  pyodide.globals.set("main_module", mainModule);
  await pyodide.runPythonAsync(`runpy.run_module(main_module, run_name="__main__")`);
  // Registered by flet's PyodideConnection, which exists once the app has called ft.run().
  if (typeof fletJs.start_connection !== "function") throw new Error(`${mainModule}: no call of ft.run()`);
  await fletJs.start_connection((message) => {
    const bytes = message.toJs();
    self.postMessage(bytes, [bytes.buffer]);
  });
}

// Where the time of a start goes: seen in the browser's profiler and by `performance.getEntriesByType("mark")`.
const reached = (step) => performance.mark(`rundgang-${step}`);

let mainModule;
self.onmessage = async ({ data }) => {
  try {
    if (data.pyodideUrl) {
      mainModule = data.mainModule;
      fletJs.wishes = data.wishes;
      python = warmUp(data);
      await python;
    } else if ("run" in data) {
      await run(mainModule, data.run);
      running = true;
      reached("started");
      self.postMessage({ started: true });
    } else if ("drawn" in data) {
      drawn();
    } else if ("key" in data) {
      fletJs.key_pressed?.(data.key);
    } else if ("touched" in data) {
      fletJs.touched?.(data.touched);
    } else if ("wishes" in data) {
      fletJs.wishes = data.wishes;
      fletJs.wishes_changed?.();
    } else if (typeof fletJs.send === "function") {
      fletJs.send(data);
    }
  } catch (error) {
    // A failed warm-up is told when Flutter asks, by the same rejected promise.
    if (running || "run" in data) self.postMessage({ failed: String(error) });
  }
};
