// The page's side of installing and updating: registers the service worker, tells the app what it finds, and
// restarts the page when the person has chosen to. The messages are described in webapp/README.md.
"use strict";

(() => {
  const channel = new BroadcastChannel("rundgang-update");
  const container = navigator.serviceWorker;
  if (rundgang.blocked || !container) return;

  // An installed app stays open for days: how often it asks whether there is a newer version.
  const ASK_EVERY_MS = 60 * 60 * 1000;

  let registration;
  let newVersion = null;
  let restarting = false;

  const isOffline = () => Boolean(registration?.active);

  async function versionOf(worker) {
    return new Promise((resolve) => {
      const answer = new MessageChannel();
      answer.port1.onmessage = ({ data }) => resolve(data.version);
      worker.postMessage({ type: "which" }, [answer.port2]);
    });
  }

  // The page that brought the first version is controlled by nobody until it is loaded again. Where no page is
  // controlled, a newer worker does not wait for anyone: the news may be active by the time we look.
  async function tellNews() {
    const newest = registration?.waiting ?? registration?.active;
    if (!newest) return;
    const version = await versionOf(newest);
    // The first install passes here, too: it is no news to the page that brought it.
    if (version === rundgang.version) return;
    newVersion = version;
    channel.postMessage({ type: "update-ready", version: newVersion });
  }

  function watch(worker) {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") tellNews();
      if (worker.state === "activated") rundgang.keepClient();
      if (worker.state === "activated" && !restarting) {
        channel.postMessage({ type: "offline-ready", version: rundgang.version });
      }
      // A refused update is asked for again; the app is told only when it has nothing to fall back on.
      if (worker.state === "redundant" && !registration.active) {
        channel.postMessage({ type: "offline-failed", reason: "install" });
      }
    });
  }

  // The address names the client, so that only that one is kept on the tablet.
  const address = `${flet.entrypointBaseUrl}service_worker.js?client=${rundgang.bestClient}`;

  async function register() {
    registration = await container.register(address, { scope: flet.entrypointBaseUrl, updateViaCache: "none" });
    watch(registration.installing);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    container.controller?.postMessage({ type: "started" });
    // Whatever this worker was installed with is on the tablet whole: the next start may rely on it, without a network.
    if (registration.active?.scriptURL === new URL(address, location.href).href) rundgang.keepClient();
    // What waits on the tablet must not be evicted. Only a page may ask: the Python worker has no `persist`.
    navigator.storage?.persist?.().catch(() => {});
    await tellNews();
  }

  // With no network it is asked again later.
  const ask = () => (registration?.active ? registration.update() : register()).catch(() => {});

  async function begin() {
    setInterval(ask, ASK_EVERY_MS);
    window.addEventListener("online", ask);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
    try {
      await register();
      container.ready.then(compileOnce);
    } catch (error) {
      channel.postMessage({ type: "offline-failed", reason: String(error.message ?? error) });
    }
  }

  // The worker ends by itself, at once if there is nothing to do.
  function compileOnce() {
    if (!flet.pyodideUrl) return;
    const worker = new Worker(`${flet.entrypointBaseUrl}bytecode_worker.js`, { type: "module" });
    worker.postMessage({
      version: rundgang.version,
      pyodideUrl: flet.pyodideUrl,
      appPackageUrl: flet.appPackageUrl,
    });
  }

  function restart() {
    restarting = true;
    const worker = registration.waiting;
    if (!worker) return location.reload();
    if (container.controller) container.addEventListener("controllerchange", () => location.reload(), { once: true });
    else worker.addEventListener("statechange", () => worker.state === "activated" && location.reload());
    worker.postMessage({ type: "apply-update" });
  }

  channel.addEventListener("message", ({ data }) => {
    if (data?.type === "which") {
      channel.postMessage({ type: "version", version: rundgang.version, ready: newVersion, offline: isOffline() });
      if (newVersion) channel.postMessage({ type: "update-ready", version: newVersion });
    } else if (data?.type === "apply-update" && newVersion && !restarting) {
      // With several tabs open, the one that asked restarts: it names itself, or it is the one being looked at.
      const asked = data.page ? data.page === rundgang.pageId : document.visibilityState === "visible";
      if (asked) restart();
    }
  });

  // Installing competes with starting for the processor and the network: the start goes first.
  window.addEventListener("rundgang-started", begin, { once: true });
})();
