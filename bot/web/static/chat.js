// Messages are sent without leaving the page and stay on it, marked as unsent, until the server has taken them.
// Enter sends, Shift+Enter breaks the line. Without this file the page works as plain forms.
const WAIT = 60000;
// Files over a phone's network take their time.
const LONG_WAIT = 600000;

// randomUUID exists on secure origins only; a chat on a local address must not lose its message for that.
function newId() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(location.pathname) || "[]");
  } catch {
    return [];
  }
}
function keep(messages) {
  try {
    sessionStorage.setItem(location.pathname, JSON.stringify(messages));
  } catch {
    // A browser without storage keeps the message on the page only.
  }
}

function show(message) {
  const row = document.getElementById("unsent").content.firstElementChild.cloneNode(true);
  row.querySelector("p").textContent = message.text || message.payload;
  row.querySelector("button").addEventListener("click", () => send(message, row));
  document.getElementById("more").before(row);
  return row;
}

async function send(message, row) {
  row.className = "row in sending";
  toEnd();
  let status = 0;
  try {
    const body = message.files || new URLSearchParams(message);
    const path = message.files ? `${location.pathname}/files` : location.pathname;
    const answer = await fetch(path, { method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(message.files ? LONG_WAIT : WAIT) });
    status = answer.status;
  } catch {
    // The network dropped: the status stays 0 and the message stays here.
  }
  if (status >= 200 && status < 300) {
    keep(kept().filter((other) => other.id !== message.id));
    // The server's own row takes its place; until then this one stays.
    row.className = "row in taken";
    document.body.dispatchEvent(new Event("refresh"));
    return;
  }
  row.className = "row in unsent";
  const why = { 413: message.files ? "large" : "long", 410: "gone", 404: "gone" }[status] || "lost";
  for (const text of row.querySelectorAll("[data-why]")) text.hidden = text.dataset.why !== why;
  toEnd();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.closest("[data-say] textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-send]");
  if (!form) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  const message = { text: (fields.get("text") || "").trim(), payload: fields.get("payload") || "", id: newId() };
  if (!message.text && !message.payload) return;
  keep([...kept(), message]);
  if (form.matches("[data-say]")) form.reset();
  const row = show(message);
  spend();
  send(message, row);
});

// Files are not kept in the browser: what could not be sent can be tried again until the page is left.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-files]");
  if (!form) return;
  event.preventDefault();
  const files = new FormData(form);
  const names = files.getAll("files").map((file) => file.name).join(", ");
  const message = { text: names, files, id: newId() };
  files.append("id", message.id);
  form.reset();
  form.closest("details").open = false;
  const row = show(message);
  spend();
  send(message, row);
});

// Choices above the latest answer have been used or passed over.
function spend() {
  const answers = document.querySelectorAll("#rows .row.in");
  const latest = answers[answers.length - 1];
  if (!latest) return;
  for (const button of document.querySelectorAll("#rows .choices button")) {
    if (button.compareDocumentPosition(latest) & Node.DOCUMENT_POSITION_FOLLOWING) button.disabled = true;
  }
}

// What is read is not moved: only who stands at the end of the talk is taken along.
const scroller = () => document.querySelector(".talk") || document.querySelector(".console .rows");
let place = null;
const shown = new Map();
function toEnd() {
  const box = scroller();
  if (box) box.scrollTop = box.scrollHeight;
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const box = scroller();
  const path = event.detail.requestConfig?.path;
  if (box) place = { top: box.scrollTop, end: box.scrollHeight - box.scrollTop - box.clientHeight < 60 };
  if (event.target.closest(".console") && shown.get(path) === event.detail.serverResponse) event.detail.shouldSwap = false;
  shown.set(path, event.detail.serverResponse);
  if (event.detail.shouldSwap && event.detail.xhr.status === 200) {
    for (const row of document.querySelectorAll(".row.taken")) row.remove();
    place = place && { ...place, open: [...document.querySelectorAll("details[id][open]")].map((one) => one.id) };
  }
});
document.addEventListener("htmx:afterSettle", () => {
  const box = scroller();
  if (box && place) box.scrollTop = place.end ? box.scrollHeight : place.top;
  for (const id of place?.open || []) document.getElementById(id)?.setAttribute("open", "");
  spend();
});
document.addEventListener("DOMContentLoaded", () => {
  if (document.getElementById("unsent")) {
    for (const message of kept()) {
      const row = show(message);
      row.className = "row in unsent";
    }
  }
  spend();
  toEnd();
});
// A sum written on the payment page is the one that is meant.
document.addEventListener("input", (event) => {
  const part = event.target.form?.querySelector('input[name="choice"][value="part"]');
  if (part && event.target.name === "amount") part.checked = true;
});
