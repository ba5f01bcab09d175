// Flet's bridge between Flutter and Python (contract: flet_web/web/python.js of Flet 1.0.5), with one difference:
// the Python worker is started with the page, not when Flutter asks for it. Loading Python and loading Flutter then
// run side by side on two processor cores, which takes about a third off the start.
"use strict";

(() => {
  const apps = new Map();
  let warm = rundgang.blocked ? null : startWorker();

  function startWorker() {
    const worker = new Worker(`${flet.entrypointBaseUrl}python_worker.js`, {
      type: "module",
      name: rundgang.pageId,
    });
    worker.onerror = (event) => rundgang.fail(event.message ?? "python_worker.js");
    worker.postMessage({
      pyodideUrl: flet.pyodideUrl,
      appPackageUrl: flet.appPackageUrl,
      version: rundgang.version,
      mainModule: flet.pythonModuleName,
      warmModules: rundgang.warmModules,
      documentUrl: document.URL,
      wishes: rundgang.wishes.now(),
    });
    rundgang.wishes.subscribe((wishes) => worker.postMessage({ wishes }));
    // Flutter closes what lies above a screen by itself; the way back from a screen is the app's.
    addEventListener("keydown", ({ key }) => ["Escape", "Tab"].includes(key) && worker.postMessage({ key }), true);
    // Nothing may move by itself under a finger: Python waits with its news until it is lifted.
    for (const [name, touched] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
      addEventListener(name, () => worker.postMessage({ touched }), true);
    }
    worker.addEventListener("message", ({ data }) => {
      if ("scaleText" in data) rundgang.wishes.scaleText(data.scaleText);
    });
    return worker;
  }

  // Called by Dart to connect; `onMessage` takes a Uint8Array.
  globalThis.jsConnect = async (appId, args, onMessage) => {
    if (rundgang.blocked) return new Promise(() => {});
    const worker = warm ?? startWorker();
    warm = null;
    apps.set(appId, worker);
    window.addEventListener("rundgang-started", () => worker.postMessage({ drawn: true }), { once: true });
    let messages = 0;
    await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data instanceof Uint8Array) {
          onMessage(data);
          messages += 1;
          // The first message registers the page, the second brings what the app shows.
          if (messages === 2) rundgang.onPythonContent();
        } else if (data.started) {
          resolve();
        } else if ("failed" in data) {
          reject(new Error(data.failed));
        }
      };
      worker.postMessage({ run: args });
    }).catch((error) => {
      console.error(error.message);
      rundgang.fail(error);
      globalThis.jsDisconnect(appId);
      throw error;
    });
  };

  // Called by Dart to send; `data` is a Uint8Array that Dart does not use again.
  globalThis.jsSend = async (appId, data) => {
    apps.get(appId)?.postMessage(data, [data.buffer]);
  };

  globalThis.jsDisconnect = async (appId) => {
    apps.get(appId)?.terminate();
    apps.delete(appId);
  };
})();
