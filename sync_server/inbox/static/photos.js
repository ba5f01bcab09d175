// The large view of a lead's photos: opened by click, Enter or f; arrows go on, Esc closes and gives the focus back.

const view = document.getElementById("photo");
const picture = view?.querySelector("img");
const links = () => [...document.querySelectorAll("#detail a[data-photo]")];
let shown = "";

function show(link) {
  const all = links();
  const number = all.indexOf(link);
  shown = link.href;
  picture.alt = link.querySelector("img").alt;
  picture.src = link.href;
  view.querySelector("[data-caption]").textContent = link.querySelector("span")?.textContent ?? "";
  view.querySelector("[data-place]").textContent = all.length > 1 ? `${number + 1} / ${all.length}` : "";
  view.querySelector("[data-original]").href = link.href;
  for (const [selector, to] of [["[data-back]", number - 1], ["[data-on]", number + 1]]) {
    view.querySelector(selector).disabled = !all[to];
    view.querySelector(selector).hidden = all.length < 2;
  }
}

function go(by) {
  const all = links();
  const next = all[all.findIndex((link) => link.href === shown) + by];
  if (next) show(next);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-photo]");
  // With a key held, or the middle button, the browser opens the photo where the person wants it.
  if (!view || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.focus();
  show(link);
  view.showModal();
});
view?.addEventListener("click", (event) => { if (event.target === view) view.close(); });
view?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") go(-1);
  else if (event.key === "ArrowRight") go(1);
});
view?.querySelector("[data-back]").addEventListener("click", () => go(-1));
view?.querySelector("[data-on]").addEventListener("click", () => go(1));
view?.addEventListener("close", () => {
  // A photo that arrived in the meantime has replaced the list entry: the same photo is found by its address.
  links().find((link) => link.href === shown)?.focus();
  picture.removeAttribute("src");
});
