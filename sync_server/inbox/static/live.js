// What is new: listens to the server and asks for counts. Nothing in the list moves until the person asks for it.

const rows = () => document.getElementById("rows");
let waiting = 0;

async function fetchPart(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
  const login = answer.headers.get("HX-Redirect");
  if (login) location.assign(login);
  return answer.ok ? answer.text() : null;
}

async function count() {
  waiting = 0;
  const list = rows();
  if (!list) return;
  const text = await fetchPart(`/news?${list.dataset.query}&top=${encodeURIComponent(list.dataset.top)}`).catch(() => null);
  if (text === null) return;
  const part = new DOMParser().parseFromString(text, "text/html");
  for (const id of ["news", "views"]) {
    const fresh = part.getElementById(id);
    const old = document.getElementById(id);
    // Untouched when nothing is different, so that a screen reader is not told the same again.
    if (fresh && old && fresh.innerHTML.trim() !== old.innerHTML.trim()) {
      old.innerHTML = fresh.innerHTML;
      globalThis.htmx?.process(old);
    }
  }
}

// Many tablets that come home at once are one question, not fifty.
function countSoon() {
  if (!waiting) waiting = setTimeout(count, 250);
}

// `revision` tells our own steps, which are shown already, from those of others; without one it is news.
async function changed(lead, revision = Infinity) {
  countSoon();
  const isNews = (element) => Number(element.dataset.revision) < revision;
  const row = document.getElementById(`lead-${lead}`);
  if (row && isNews(row)) {
    const text = await fetchPart(`/leads/${lead}/line?${rows().dataset.query}`).catch(() => null);
    const fresh = text && new DOMParser().parseFromString(text, "text/html").querySelector("li.row");
    if (fresh && document.contains(row) && isNews(row)) {
      if (row.querySelector("[aria-current]")) fresh.querySelector("a").setAttribute("aria-current", "true");
      row.replaceWith(fresh);
      globalThis.htmx?.process(fresh);
    }
  }
  const open = document.querySelector(`#detail article[data-lead="${lead}"]`);
  if (open && isNews(open)) open.querySelector("[data-changed]").hidden = false;
}

function hear(event) {
  const { lead, revision } = JSON.parse(event.data);
  if (lead) changed(lead, revision === undefined ? undefined : Number(revision));
  else countSoon();
}

function listen() {
  const source = new EventSource("/events");
  // "ready" also comes after a lost connection: then whatever was missed is counted.
  source.addEventListener("ready", () => {
    document.documentElement.dataset.live = "on";
    countSoon();
  });
  source.addEventListener("reload", countSoon);
  source.addEventListener("arrived", countSoon);
  source.addEventListener("changed", hear);
  source.addEventListener("media", hear);
  source.addEventListener("expired", () => location.reload());
  source.onerror = () => {
    document.documentElement.dataset.live = "off";
    // Closed for good (the session is gone, a proxy refused): try again later, by way of a count.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { count(); listen(); }, 15_000);
  };
}

if (rows()) {
  listen();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) countSoon(); });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target?.id === "list-body") count(); });
}
