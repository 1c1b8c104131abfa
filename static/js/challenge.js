// Lets the device solve a challenge while its owner reads; the question of the page stays at hand.
// Where anything fails, the page is as it is without JavaScript: with the question.
"use strict";

function bearing(challenge, solution) {
  return btoa(JSON.stringify({ challenge, solution }));
}

function begin(box) {
  const form = box.closest("form");
  const question = box.querySelector("[data-challenge-question]");
  const byDevice = box.querySelector("[data-challenge-device]");
  const status = box.querySelector("[data-challenge-status]");
  const answer = box.querySelector("[data-challenge-work]");
  const ask = box.querySelector("[data-challenge-ask]");
  const work = box.querySelector("[data-challenge-start]");
  const said = status.dataset;
  const challenge = JSON.parse(box.dataset.challenge);
  const tries = Number(box.dataset.tries);
  let worker = null;
  let waiting = false; // a form that was sent before the work was done
  let sender = null;

  function tell(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function show(asked) {
    question.hidden = asked === "device";
    question.disabled = asked === "device";
    byDevice.hidden = asked !== "device";
    work.hidden = asked === "device" || asked === "question only";
    answer.disabled = asked !== "device";
  }

  function stop() {
    if (worker) worker.terminate();
    worker = null;
    waiting = false;
  }

  function toQuestion(only) {
    stop();
    show(only ? "question only" : "question");
  }

  function done(solution) {
    answer.value = bearing(challenge, solution);
    ask.hidden = document.activeElement !== ask; // nobody loses the place where they are
    tell(said.done);
    worker.terminate();
    worker = null;
    if (waiting) form.requestSubmit(sender);
  }

  function start() {
    show("device");
    tell(said.working);
    worker = new Worker(box.dataset.worker);
    worker.addEventListener("message", ({ data }) => {
      if (data.failed) toQuestion(true);
      else if (data.solution) done(data.solution);
      else if (data.share > 0.5 && !waiting) tell(said.half);
    });
    worker.addEventListener("error", () => toQuestion(true));
    worker.postMessage({ parameters: challenge.parameters, tries });
  }

  ask.addEventListener("click", () => {
    toQuestion(false);
    question.querySelector("input:not([type=hidden])").focus();
  });
  work.addEventListener("click", () => {
    start();
    ask.focus();
  });
  form.addEventListener("submit", (event) => {
    if (!worker) return;
    // Not sent yet, so nobody else may take it for sent.
    event.preventDefault();
    event.stopPropagation();
    waiting = true;
    sender = event.submitter;
    tell(said.waiting);
  });
  if ("questionFirst" in box.dataset) show("question");
  else start();
}

if (window.Worker && window.crypto && window.crypto.subtle) {
  for (const box of document.querySelectorAll("[data-challenge]")) begin(box);
}
