// Where compiled Python is kept: in the cache of the version that it was compiled from, and removed with it.

export const versionCache = (version) => `rundgang-${version}`;
export const bytecodeAddress = (name) => new URL(`bytecode/${name}`, import.meta.url).href;

/** The compiled standard library and archive of a version as ArrayBuffers, or null. */
export async function keptBytecode(version) {
  const kept = (name) => caches.match(bytecodeAddress(name), { cacheName: versionCache(version) });
  const [archive, stdlib] = await Promise.all([kept("app.tar"), kept("stdlib.zip")]);
  if (!archive || !stdlib) return null;
  return { archive: await archive.arrayBuffer(), stdlib: await stdlib.blob() };
}

/** Forget it: the next start begins from the sources, and compiles anew. */
export async function forgetBytecode(version) {
  const cache = await caches.open(versionCache(version));
  await Promise.all(["app.tar", "stdlib.zip"].map((name) => cache.delete(bytecodeAddress(name))));
}
