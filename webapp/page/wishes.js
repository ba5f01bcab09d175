// What the person asks of every page: larger text, more contrast. Python is told, at the start and when it changes.
//
// Flutter draws text as large as the page's own font size says (16 px is 100 %), so a size that was chosen in the app
// is given to the page, and the browser's own counts otherwise. What is asked for is held to 100 % to 200 %: the app's
// screens are made for that.
"use strict";

rundgang.wishes = (() => {
  const NORMAL = 16, SMALLEST = 1, LARGEST = 2;
  const root = document.documentElement;
  const contrast = ["(prefers-contrast: more)", "(forced-colors: active)"].map((query) => matchMedia(query));
  const listeners = [];
  let chosen = null;
  let probe;

  const held = (scale) => Math.min(LARGEST, Math.max(SMALLEST, scale));

  // "medium" is the size that the person has set in browser or system, whatever the page says of itself.
  function browsersScale() {
    if (!document.body) return parseFloat(getComputedStyle(root).fontSize) / NORMAL || 1;
    if (!probe) {
      probe = document.createElement("div");
      probe.setAttribute("aria-hidden", "true");
      probe.style.cssText = "position:fixed;bottom:100%;visibility:hidden;font-size:medium;width:1em;height:1em";
      document.body.append(probe);
      new ResizeObserver(apply).observe(probe);
    }
    return parseFloat(getComputedStyle(probe).fontSize) / NORMAL || 1;
  }

  function now() {
    return {
      textScale: held(browsersScale()),
      moreContrast: contrast.some((query) => query.matches),
    };
  }

  function apply() {
    const size = `${NORMAL * held(chosen ?? browsersScale())}px`;
    if (root.style.fontSize !== size) root.style.fontSize = size;
    for (const listener of listeners) listener(now());
  }

  for (const query of contrast) query.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);

  return {
    now,
    subscribe(listener) { listeners.push(listener); },
    // A scale of the person's own choice, or null for the browser's.
    scaleText(scale) { chosen = scale; apply(); },
  };
})();
