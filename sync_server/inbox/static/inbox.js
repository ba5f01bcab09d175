// Small comforts around htmx: the chosen row, the scroll position, messages.

const list = document.getElementById("list-body");

// -- which row is open -------------------------------------------------------------------------------
function choose() {
  const lead = document.querySelector("#detail article")?.dataset.lead;
  document.body.classList.toggle("with-lead", Boolean(lead));
  for (const link of document.querySelectorAll("#rows [aria-current]")) link.removeAttribute("aria-current");
  const link = lead && document.querySelector(`#lead-${lead} > a`);
  if (link) {
    link.setAttribute("aria-current", "true");
    link.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target?.id === "detail") {
    choose();
    const title = document.querySelector("#detail #lead-title");
    const problem = document.querySelector("#detail #problem");
    const invalid = document.querySelector("#detail [aria-invalid]");
    (problem ? invalid ?? problem : title)?.focus({ preventScroll: true });
    const opened = event.detail.requestConfig?.verb === "get";
    if (opened) document.getElementById("main").scrollTop = 0;
    if (title) document.title = `${title.textContent} · Rundgang`;
  }
  if (target?.id === "list-body") {
    target.scrollTop = 0;
    choose();
  }
});

// Opening another lead takes the last toast away; the undo of its step stays in the lead itself.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "detail") document.getElementById("toast").replaceChildren();
});

// -- scroll position of the list, for the way back --------------------------------------------------------
const scrollKey = () => `scroll ${document.getElementById("rows")?.dataset.query}`;
if (list) {
  const kept = Number(sessionStorage.getItem(scrollKey()));
  if (kept) list.scrollTop = kept;
  document.querySelector("#rows [aria-current]")?.scrollIntoView({ block: "nearest" });
  addEventListener("pagehide", () => sessionStorage.setItem(scrollKey(), String(list.scrollTop)));
}

// -- when the server cannot be reached ---------------------------------------------------------------------
function say(text) {
  const toast = document.createElement("div");
  const words = document.createElement("span");
  toast.className = "toast";
  words.textContent = text;
  toast.append(words);
  document.getElementById("toast").replaceChildren(toast);
}
document.addEventListener("say", (event) => say(event.detail));
document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
document.addEventListener("htmx:timeout", () => say(document.body.dataset.offline));
document.addEventListener("htmx:responseError", () => say(document.body.dataset.busy));

// -- phone: back from a lead to the list without a new page ---------------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-news]")) document.getElementById("news").replaceChildren();
});
// Filters apply at once where there is a script.
for (const form of document.querySelectorAll(".filter-form")) {
  form.addEventListener("change", () => form.requestSubmit());
}
