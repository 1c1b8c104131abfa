// What the pages do without, and do a little better with.
"use strict";

// A page that comes back with errors starts at their list.
const summary = document.getElementById("error-summary");
if (summary) summary.focus();

// A second click on a button must not send the form twice. The button itself stays enabled, so
// that its name and value are sent and a page kept by the browser can be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
