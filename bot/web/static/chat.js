// Enter sends, Shift+Enter breaks the line; a new message scrolls into view; each form gets an id of its own so that
// a double click is kept once. Without this file the page works as plain forms.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.closest("[data-say] textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "post") event.detail.parameters.id ??= crypto.randomUUID();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("[data-say]");
  if (form) setTimeout(() => form.reset());
});
document.addEventListener("htmx:responseError", (event) => {
  const form = event.target.closest("[data-say]");
  if (form) form.querySelector("textarea").value = event.detail.requestConfig.parameters.get?.("text") ?? "";
});
function last() {
  const more = document.getElementById("more");
  if (more) more.scrollIntoView({ block: "end" });
  const rows = document.querySelector(".console .rows");
  if (rows) rows.scrollTop = rows.scrollHeight;
}
document.addEventListener("htmx:afterSettle", last);
document.addEventListener("DOMContentLoaded", last);
