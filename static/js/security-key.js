// Ties the forms for security keys to the sign-in library; without JavaScript they stay hidden.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("[data-security-key]")) {
    const { securityKey, button, credential } = form.dataset;
    window.allauth.webauthn.forms[securityKey]({
      ids: { authenticate: button, add: button, credential, data: "js_data" },
    });
    form.hidden = false;
  }
});

document.addEventListener("allauth.error", () => {
  for (const message of document.querySelectorAll("[data-security-key-failed]")) {
    message.hidden = false;
  }
});
