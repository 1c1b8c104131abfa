// What the pages do without, and do a little better with.
"use strict";

const PAUSE = 8000; // milliseconds after which a form may be sent again, if no answer came

// A page that comes back with errors starts at their list.
const summary = document.getElementById("error-summary");
if (summary) summary.focus();

// A second click must not send a form twice. The button stays enabled, so that its name and value
// are sent, and a page that the browser kept can be sent again.
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  setTimeout(release, PAUSE, form);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) release(form);
});
