// For people with a keyboard: where they are is seen, in every look.
//
// Flutter only shades what has the focus. The first Tab switches on its accessibility tree, whose nodes then carry the
// browser's focus, and a ring is drawn around the node: dark within light, so that one of both stands out on any ground.
"use strict";

(() => {
  const STEP_MS = 100;
  let ring;
  let follow;

  function place(node) {
    const box = node.getBoundingClientRect();
    const shown = box.width > 0 && box.height > 0;
    Object.assign(ring.style, {
      display: shown ? "block" : "none",
      left: `${box.left - 2}px`, top: `${box.top - 2}px`,
      width: `${box.width + 4}px`, height: `${box.height + 4}px`,
    });
  }

  function show(node) {
    if (!ring) {
      ring = document.createElement("div");
      ring.id = "focus-ring";
      ring.setAttribute("aria-hidden", "true");
      ring.style.cssText =
        "position:fixed;box-sizing:border-box;pointer-events:none;z-index:2147483646;border-radius:12px;" +
        "border:3px solid #10262A;outline:2px solid #FFFFFF;outline-offset:0";
      document.body.append(ring);
    }
    clearInterval(follow);
    place(node);
    // Lists scroll to what has the focus, and screens are drawn anew.
    follow = setInterval(() => (node.isConnected && node === deepest() ? place(node) : hide()), STEP_MS);
  }

  function hide() {
    clearInterval(follow);
    if (ring) ring.style.display = "none";
  }

  const deepest = () => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node;
  };

  addEventListener("keydown", ({ key }) => {
    if (key === "Tab") document.querySelector("flt-semantics-placeholder")?.click();
  }, true);
  addEventListener("keyup", ({ key }) => {
    const node = deepest();
    if (key === "Tab" && node?.closest("flt-semantics-host")) show(node);
  }, true);
  addEventListener("pointerdown", hide, true);
})();
