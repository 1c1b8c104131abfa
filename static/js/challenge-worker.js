// Does the work of a challenge beside the page: tries numbers until the key is the wanted one.
"use strict";

const TOLD_EVERY = 25; // tries

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (one) => one.toString(16).padStart(2, "0")).join("");
}

async function solve({ nonce, salt, cost, keyLength, keyPrefix }, tries) {
  const first = bytes(nonce);
  const secret = new Uint8Array(first.length + 4);
  secret.set(first);
  const number = new DataView(secret.buffer, first.length);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; counter < tries; counter += 1) {
    number.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(rule, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
    if (counter % TOLD_EVERY === 0) self.postMessage({ share: counter / tries });
  }
  throw new Error("no number fits");
}

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ solution: await solve(data.parameters, data.tries) });
  } catch {
    self.postMessage({ failed: true });
  }
});
