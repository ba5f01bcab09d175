// From the first byte to the first screen: the splash, what it says, and when it goes.
//
// Owns the global `rundgang`, which Flet's bootstrap (patched by webapp/client.py), python.js and update.js use.
"use strict";

const rundgang = (() => {
  const english = !navigator.language.toLowerCase().startsWith("de") && navigator.language !== "";
  const say = (german, inEnglish) => (english ? inEnglish : german);
  const part = (name) => document.getElementById(`loading-${name}`);
  const script = document.currentScript;

  // After this long without a first screen the person is told that waiting is still right.
  // Slowest start seen on a cheap tablet's kind of processor: about 20 s.
  const SLOW_AFTER_MS = 25_000;

  let flutterDraws = false;
  let pythonSpeaks = false;
  let stopped = false;
  const slow = setTimeout(() => {
    tell(say("Das dauert länger als sonst. Rundgang startet weiter.", "This takes longer than usual. Still starting."));
  }, SLOW_AFTER_MS);

  function tell(sentence) {
    if (!stopped && part("detail")) part("detail").textContent = sentence;
  }

  function stop(title, sentence, cause) {
    const splash = document.getElementById("loading");
    if (!splash || stopped) return;
    stopped = true;
    clearTimeout(slow);
    splash.classList.add("stopped");
    splash.setAttribute("role", "alert");
    part("title").textContent = title;
    part("detail").textContent = sentence;
    part("cause").textContent = cause ?? "";
  }

  function fail(cause) {
    stop(
      say("Rundgang konnte nicht starten", "Rundgang could not start"),
      say(
        "Was auf diesem Tablet gespeichert ist, bleibt erhalten. Bitte noch einmal versuchen. " +
          "Hilft das nicht, der Administration die Zeile darunter nennen.",
        "What is stored on this tablet is kept. Please try again. " +
          "If that does not help, tell the administrator the line below.",
      ),
      lastLine(cause),
    );
    const retry = part("retry");
    if (!retry) return;
    retry.hidden = false;
    retry.textContent = say("Noch einmal versuchen", "Try again");
    retry.addEventListener("click", () => location.reload());
  }

  // A Python traceback says what happened in its last line.
  function lastLine(cause) {
    const lines = String(cause?.message ?? cause).trim().split("\n").filter((line) => line.trim());
    return lines.at(-1)?.trim().slice(0, 300) ?? "";
  }

  function leaveWhenDrawn() {
    if (!flutterDraws || !pythonSpeaks || stopped) return;
    clearTimeout(slow);
    // The app's first content arrived: one frame to lay it out, one to show it.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      document.getElementById("loading")?.remove();
      window.dispatchEvent(new Event("rundgang-started"));
    }));
  }

  function firstWords() {
    if (english) {
      part("title").textContent = "Rundgang is starting …";
    }
    if (!window.isSecureContext) {
      stop(
        say("Diese Adresse ist nicht gesichert", "This address is not secure"),
        say(
          "Ohne https erlaubt der Browser weder sicheres Speichern noch Kamera noch den Start ohne Netz. " +
            "Bitte die Adresse öffnen, die mit https beginnt; die Administration kennt sie.",
          "Without https the browser allows neither safe storage nor the camera nor starting without a network. " +
            "Please open the address that begins with https; the administrator knows it.",
        ),
      );
    } else if (!navigator.serviceWorker?.controller) {
      tell(say(
        "Die App wird einmal geladen (etwa 15 MB). Danach startet sie auch ohne Netz.",
        "The app is loaded once (about 15 MB). After that it starts without a network too.",
      ));
    }
  }
  document.addEventListener("DOMContentLoaded", firstWords);

  // Flutter's program as WebAssembly draws about a third faster. Its renderer relies on Chromium's own text breaking and
  // image decoding and on WebGL (the same tests as in flutter.js); every other browser gets the program as JavaScript.
  const KEPT = "rundgang-client";
  const possible = canRunWasm() ? "wasm" : "js";
  // What the service worker has kept counts: a browser that was updated in the meantime may start without a network.
  const client = possible === "wasm" && keptClient() === "js" ? "js" : possible;
  preload(client === "wasm" ? "main.dart.wasm" : "main.dart.js", client === "wasm" ? "fetch" : "script");

  function canRunWasm() {
    // The smallest module with a structure that is collected as garbage: WebAssembly 3.0.
    const collected = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 95, 1, 120, 0];
    return Boolean(Intl.v8BreakIterator && Intl.Segmenter && typeof ImageDecoder !== "undefined")
      && WebAssembly.validate(new Uint8Array(collected))
      && document.createElement("canvas").getContext("webgl2") !== null;
  }

  function keptClient() {
    try { return localStorage.getItem(KEPT); } catch { return null; }
  }

  // The largest file, asked for before Flutter's loader has been read.
  function preload(href, as) {
    const link = Object.assign(document.createElement("link"), { rel: "preload", href, as });
    if (as === "fetch") link.crossOrigin = "anonymous";
    document.head.append(link);
  }

  // A script that cannot be loaded ends the start: Flutter's own would wait for ever.
  window.addEventListener("error", (event) => {
    if (event.target instanceof HTMLScriptElement && event.target.src.startsWith(location.origin)) {
      fail(event.target.src);
    }
  }, true);

  return {
    english,
    fail,
    version: document.querySelector('meta[name="rundgang-version"]')?.content ?? "",
    warmModules: JSON.parse(script.dataset.warmModules),
    // Names this page among all open ones. The Python worker reads it as `js.self.name`.
    pageId: crypto.randomUUID?.() ?? String(performance.timeOrigin),

    renderer: client === "wasm" ? "skwasm" : "canvaskit",
    // The client that this browser would do best with; it is loaded with the next version, or once it is on the tablet.
    bestClient: possible,
    keepClient() { try { localStorage.setItem(KEPT, possible); } catch { /* then it is decided anew each time */ } },

    get blocked() { return !window.isSecureContext; },
    onFlutterFrame() { flutterDraws = true; leaveWhenDrawn(); },
    onPythonContent() { pythonSpeaks = true; leaveWhenDrawn(); },
    watchStart(started) { Promise.resolve(started).catch(fail); },
  };
})();
