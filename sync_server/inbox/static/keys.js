// Keyboard: one letter per step, never while somebody types. The letters are on the buttons (data-key).

const typing = (element) =>
  element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]") !== null;

function firstInList() {
  return document.querySelector("#rows .row > a");
}

function move(key) {
  // The neighbours in the detail are those of the filtered list, also when its rows are not loaded yet.
  const link = document.querySelector(`#detail [data-key="${key}"]`);
  if (link) link.click();
  else if (key === "j" && !document.querySelector("#detail article")) firstInList()?.click();
}

function press(key) {
  const button = document.querySelector(`#toast [data-key="${key}"], #detail [data-key="${key}"]`)
    ?? (key === "z" ? document.querySelector("#detail [data-undo]") : null);
  if (button?.matches("summary")) openTool(button.parentElement);
  else button?.click();
  return button !== null;
}

function openTool(details) {
  details.open = true;
  // At once, not with the "toggle" event: the next letter may already be part of the text.
  details.querySelector("[data-first]")?.focus();
}

function closeAll() {
  const open = document.querySelectorAll(".toolbar details[open], .filter[open], .me[open], .phone-menu[open]");
  for (const details of open) {
    details.open = false;
    details.querySelector("summary")?.focus();
  }
  return open.length > 0;
}

// The one that is heard stops; else the one that was stopped goes on; else the first, or the next one after the last.
function playVoice() {
  const all = [...document.querySelectorAll("#detail audio[data-voice]")];
  const heard = all.find((audio) => !audio.paused);
  if (heard) { heard.pause(); return; }
  const begun = all.find((audio) => audio.currentTime > 0 && !audio.ended);
  const next = begun ?? all[all.findLastIndex((audio) => audio.ended) + 1] ?? all[0];
  next?.scrollIntoView({ block: "nearest" });
  next?.play().catch(() => {});
}

// One voice at a time.
document.addEventListener("play", (event) => {
  for (const audio of document.querySelectorAll("audio[data-voice]")) if (audio !== event.target) audio.pause();
}, true);

function act(event) {
  const help = document.getElementById("help");
  switch (event.key) {
    case "j": case "ArrowDown": move("j"); return true;
    case "k": case "ArrowUp": move("k"); return true;
    case "n": document.querySelector("[data-show-news]")?.click(); return true;
    case "c": document.querySelector("[data-focus-key=c]")?.focus(); return true;
    case "/": document.getElementById("q")?.select(); document.getElementById("q")?.focus(); return true;
    case "f": document.querySelector("#detail a[data-photo]")?.click(); return true;
    case "p": playVoice(); return true;
    case "?": help?.showModal(); return true;
    case "a": case "q": case "m": case "h": case "x": case "z": return press(event.key);
    default: return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (closeAll()) event.preventDefault();
    else if (typing(event.target)) event.target.blur();
    return;
  }
  if (typing(event.target)) return;
  // Arrows scroll and choose inside of what has the focus; they move through the list only from the page itself.
  if (event.key.startsWith("Arrow") && event.target.closest("details[open], fieldset, dialog")) return;
  if (event.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (act(event)) event.preventDefault();
});

// Ctrl+Enter sends the form that is being typed in.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
});

// An opened tool puts the cursor where one types; a click elsewhere closes it.
document.addEventListener("toggle", (event) => {
  if (event.target.matches(".tool") && event.target.open) event.target.querySelector("[data-first]")?.focus();
}, true);
document.addEventListener("click", (event) => {
  for (const details of document.querySelectorAll(".toolbar details[open], .filter[open], .phone-menu[open]")) {
    if (!details.contains(event.target)) details.open = false;
  }
});

for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById("help").showModal());
}
