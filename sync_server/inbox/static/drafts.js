// Typed text survives a lost session, a reload and a colleague who was faster: this tab keeps it until it is sent.

const pathOf = (form) => new URL(form.action).pathname;
const keyOf = (field) => `draft ${pathOf(field.form)} ${field.name}`;

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-draft]")) sessionStorage.setItem(keyOf(event.target), event.target.value);
});

function forget(prefix) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(`draft ${prefix}`)) sessionStorage.removeItem(key);
}

function restore() {
  for (const field of document.querySelectorAll("[data-draft]")) {
    const kept = sessionStorage.getItem(keyOf(field));
    if (kept && !field.value) field.value = kept;
  }
}

// Where somebody was typing when the page went away is open again when it comes back.
addEventListener("pagehide", () => {
  const typed = [...document.querySelectorAll("#detail [data-draft]")].filter(
    (field) => field.value && (field.closest("details")?.open ?? true),
  );
  const last = typed.find((field) => field.form.contains(document.activeElement)) ?? typed[0];
  if (last) sessionStorage.setItem("typing", pathOf(last.form));
});
function goOn() {
  const form = [...document.querySelectorAll("#detail form")].find((each) => pathOf(each) === sessionStorage.getItem("typing"));
  const field = form && [...form.querySelectorAll("[data-draft]")].find((each) => each.value);
  if (!field) return;
  sessionStorage.removeItem("typing");
  const tool = field.closest("details");
  if (tool) tool.open = true;
  field.focus();
}

// A step that met an expired session is said so after the login: it was not taken.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig?.verb === "post" && xhr.status === 401) sessionStorage.setItem("unsent", "yes");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig?.verb === "post" && xhr.status < 300) {
    const form = requestConfig.elt.closest("form");
    if (form) forget(`${pathOf(form)} `);
  }
});
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "detail") restore(); });
// The next person at this screen does not find them.
document.addEventListener("submit", (event) => { if (pathOf(event.target) === "/logout") forget(""); });

const lead = document.querySelector("#detail article")?.dataset.lead;
// A form that was sent without htmx and taken: the address names its step.
if (lead && new URLSearchParams(location.search).has("done")) forget(`/leads/${lead}/`);
// The login has answered with the lead itself, to bring back what was typed; from here on it has its own address.
if (lead && location.pathname === "/login") history.replaceState(null, "", `/leads/${lead}?${document.getElementById("rows").dataset.query}`);
restore();
goOn();
if (sessionStorage.getItem("unsent") && lead) {
  sessionStorage.removeItem("unsent");
  document.dispatchEvent(new CustomEvent("say", { detail: document.body.dataset.unsent }));
}
