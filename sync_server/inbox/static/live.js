// What is new: listens to the server and asks for counts. Nothing in the list moves until the person asks for it.

const rows = () => document.getElementById("rows");
const openLead = () => document.querySelector("#detail article");
const URGENT = "❗ ";
let waiting = 0;

async function fetchPart(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
  const login = answer.headers.get("HX-Redirect");
  // Beside a list what is typed is kept (drafts.js); a form elsewhere is not taken away from whoever is filling it in.
  if (login && rows()) location.assign(login);
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

async function count() {
  waiting = 0;
  const list = rows();
  const about = list ? `?${list.dataset.query}&top=${encodeURIComponent(list.dataset.top)}` : "";
  const part = await fetchPart(`/news${about}`).catch(() => null);
  if (!part) return;
  // Where there is no list, no view is the shown one.
  if (!list) part.querySelector("#views [aria-current]")?.removeAttribute("aria-current");
  for (const id of ["news", "alarm", "views"]) {
    const fresh = part.getElementById(id);
    const old = document.getElementById(id);
    // Untouched when nothing is different, so that a screen reader is not told the same again.
    if (fresh && old && fresh.innerHTML.trim() !== old.innerHTML.trim()) {
      old.innerHTML = fresh.innerHTML;
      globalThis.htmx?.process(old);
    }
  }
  // Seen in the tab, too, while another page is in front.
  const name = document.title.replace(URGENT, "");
  document.title = part.querySelector("[data-urgent]") ? URGENT + name : name;
}

// Many tablets that come home at once are one question, not fifty.
function countSoon() {
  if (!waiting) waiting = setTimeout(count, 250);
}

// A lead's line as it is now; the open lead only says that it has changed: somebody may be typing in it.
async function renew(lead) {
  const row = document.getElementById(`lead-${lead}`);
  const open = openLead()?.dataset.lead === lead;
  if (!row && !open) return;
  const part = await fetchPart(`/leads/${lead}/line?${rows().dataset.query}`).catch(() => null);
  const fresh = part?.querySelector("li.row");
  if (!fresh) return;
  // Our own steps are shown already, with a newer revision or the same.
  const isNews = (element) => element && Number(element.dataset.revision) < Number(fresh.dataset.revision);
  const article = openLead();
  if (article?.dataset.lead === lead && isNews(article)) article.querySelector("[data-changed]").hidden = false;
  const old = document.getElementById(`lead-${lead}`);
  if (!old || Number(old.dataset.revision) > Number(fresh.dataset.revision)) return;
  const link = fresh.querySelector("a");
  if (old.querySelector("[aria-current]")) link.setAttribute("aria-current", "true");
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  globalThis.htmx?.process(fresh);
  if (focused) link.focus({ preventScroll: true });
}

// Photos come after their text, each by itself: only what has changed is exchanged, nothing else moves.
async function renewPhotos(lead) {
  const missing = () => openLead()?.dataset.lead === lead && document.querySelector("#detail .photo-missing");
  if (!missing()) return;
  const part = await fetchPart(`/leads/${lead}/photos`).catch(() => null);
  if (!part || !missing()) return;
  for (const fresh of part.querySelectorAll(".photos > li, .voices > li, .signatures > li")) {
    const old = document.getElementById(fresh.id);
    if (old?.querySelector(".photo-missing") && !fresh.querySelector(".photo-missing")) old.replaceWith(fresh);
  }
}

function hear(event) {
  const { lead, revision } = JSON.parse(event.data);
  if (event.type === "changed") countSoon();
  if (!lead) return;
  if (event.type === "media") renewPhotos(lead);
  // Without a revision (a photo) whatever is shown is old.
  const shown = [document.getElementById(`lead-${lead}`), openLead()].filter((element) => element);
  if (shown.some((element) => revision === undefined || Number(element.dataset.revision) < Number(revision))) renew(lead);
}

function listen() {
  const source = new EventSource("/events");
  // "ready" also comes after a lost connection: then whatever was missed is counted.
  source.addEventListener("ready", () => {
    document.documentElement.dataset.live = "on";
    catchUp();
  });
  source.addEventListener("reload", catchUp);
  source.addEventListener("arrived", countSoon);
  source.addEventListener("changed", hear);
  source.addEventListener("media", hear);
  source.addEventListener("expired", () => (rows() ? location.reload() : source.close()));
  source.onerror = () => {
    document.documentElement.dataset.live = "off";
    // Closed for good (the session is gone, a proxy refused): try again later, by way of a count.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { count(); listen(); }, 15_000);
  };
}

function catchUp() {
  countSoon();
  const lead = openLead()?.dataset.lead;
  if (!lead) return;
  renew(lead);
  renewPhotos(lead);
}

if (document.getElementById("alarm")) {
  listen();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) countSoon(); });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "list-body") count(); });
}
