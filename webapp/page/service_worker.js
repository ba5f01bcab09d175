// Keeps one whole version of the app on the tablet, so that it starts with no network, and never mixes two.
//
// The build fills in VERSION and FILES (path below the scope -> SHA-256 of the content). What must hold:
//   1. Install is all or nothing, and only exact content counts: a captive portal's page, a redirect, a half-updated
//      server or a cut-off body fails the install, and the version that was there goes on working.
//   2. What has not changed is taken from the version that is there, so an update downloads only what is new.
//   3. A page is served wholly from the version that it was opened with, until it is loaded anew.
//   4. A new version waits until the person chooses it ("apply-update") or every page is closed.
//   5. Requests outside the scope (/sync/..., the inbox) are never touched.
"use strict";

const VERSION = "{{version}}";
const FILES = new Map(Object.entries({{files}}));

const CACHE = `rundgang-${VERSION}`;
// Which page was opened with which version: one entry per page, the version as its text.
const PAGES = "rundgang-pages";
const HASH_HEADER = "X-Rundgang-SHA256";
const SCOPE = new URL("./", self.location).pathname;
const INDEX = "index.html";
// Of Flutter's program and renderer there are two, "wasm" and "js", of which a browser uses one. The page that registers
// this worker says which (client in start.js); whoever said nothing gets both.
const CLIENTS = {{clients}};
const CLIENT = new URL(self.location).searchParams.get("client");
// Downloads side by side: more only compete with one another on a slow line.
const PARALLEL = 4;

function isWanted(path) {
  const owner = Object.keys(CLIENTS).find((client) => CLIENTS[client].includes(path));
  return !owner || !(CLIENT in CLIENTS) || owner === CLIENT;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(removeUnusedVersions()));

async function install() {
  const cache = await caches.open(CACHE);
  try {
    const present = await filesOfOtherVersions();
    const waiting = [...FILES].filter(([path]) => isWanted(path));
    const take = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [path, hash] = next;
        const kept = await present.get(hash)?.();
        await cache.put(urlOf(path), kept ?? await download(path, hash));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, take));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// The response for a path with exactly the expected content. Throws on anything else.
async function download(path, hash) {
  // The browser's own cache saves what the page has loaded already; should it hold something wrong, it is passed by.
  return await attempt(path, hash, "no-cache") ?? await attempt(path, hash, "reload") ?? refuse(path);
}

async function attempt(path, hash, cache) {
  const response = await fetch(urlOf(path), { cache, redirect: "error", credentials: "same-origin" });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  const content = await response.arrayBuffer();
  if (await sha256(content) !== hash) return null;
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // the content was decoded on its way here
  headers.delete("Content-Length");
  headers.set(HASH_HEADER, hash);
  return new Response(content, { status: 200, headers });
}

function refuse(path) {
  throw new Error(`${path}: unexpected content`);
}

async function sha256(content) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// SHA-256 -> a function that gives the kept response, over all versions on this tablet.
async function filesOfOtherVersions() {
  const found = new Map();
  for (const name of await versionCaches()) {
    if (name === CACHE) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      const hash = response?.headers.get(HASH_HEADER);
      if (hash) found.set(hash, () => cache.match(request));
    }
  }
  return found;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!url.pathname.startsWith(SCOPE)) return;
  event.respondWith(answer(event, url));
});

async function answer(event, url) {
  const version = await versionFor(event);
  const cache = await caches.open(`rundgang-${version}`);
  const path = event.request.mode === "navigate" ? INDEX : url.pathname.slice(SCOPE.length);
  const kept = await cache.match(urlOf(path));
  if (kept) return kept;
  if (version === VERSION && FILES.has(path)) return repair(cache, path);
  // A file that does not belong to the version must not come from a server that may have a newer one.
  return new Response(null, { status: 404 });
}

// The browser has thrown away a file (storage pressure): the same content or nothing.
async function repair(cache, path) {
  try {
    const response = await download(path, FILES.get(path));
    await cache.put(urlOf(path), response.clone());
    return response;
  } catch (error) {
    return new Response(String(error.message), { status: 503 });
  }
}

const known = new Map(); // client id -> version, of the pages asked for since this worker woke up

async function versionFor(event) {
  const opening = event.request.mode === "navigate";
  const version = opening ? VERSION : await versionOfClient(event.clientId);
  // A page, or a worker of a page, is being made: it stays with this version.
  if (event.resultingClientId) event.waitUntil(remember(event.resultingClientId, version));
  return version;
}

async function versionOfClient(id) {
  if (!known.has(id)) {
    const entry = await (await caches.open(PAGES)).match(pageEntry(id));
    known.set(id, entry ? await entry.text() : VERSION);
  }
  return known.get(id);
}

async function remember(id, version) {
  known.set(id, version);
  await (await caches.open(PAGES)).put(pageEntry(id), new Response(version));
}

async function removeUnusedVersions() {
  const open = new Set();
  for (const client of await self.clients.matchAll({ type: "all", includeUncontrolled: true })) open.add(client.id);
  const used = new Set([VERSION]);
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const id = new URL(request.url).searchParams.get("id");
    // A page that is still being opened is not among the clients, but it was asked for by this worker.
    if (open.has(id) || known.has(id)) used.add(await (await pages.match(request)).text());
    else await pages.delete(request);
  }
  // A version that is just being installed has its cache already.
  if (self.registration.installing || self.registration.waiting) return;
  for (const name of await versionCaches()) {
    if (!used.has(name.slice("rundgang-".length))) await caches.delete(name);
  }
}

async function versionCaches() {
  return (await caches.keys()).filter((name) => name.startsWith("rundgang-") && name !== PAGES);
}

const urlOf = (path) => new URL(path, self.location.origin + SCOPE).href;
const pageEntry = (id) => urlOf(`__page__?id=${encodeURIComponent(id)}`);

self.addEventListener("message", (event) => {
  if (event.data?.type === "which") event.ports[0]?.postMessage({ version: VERSION });
  if (event.data?.type === "apply-update") event.waitUntil(self.skipWaiting());
  // The page that was replaced is gone now, and with it perhaps the last one of its version.
  if (event.data?.type === "started") event.waitUntil(removeUnusedVersions());
});
