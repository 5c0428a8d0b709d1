// Finds the number that a challenge asks for, and sends the reply with it. The browser's own cryptography guesses
// beside the page, so that this stays usable meanwhile.

export async function prove(field) {
  const { form, dataset } = field;
  const news = field.parentElement.querySelector("[role=status]");
  if (!globalThis.crypto?.subtle) return; // Only over https; the words about the other button stay.
  let isTyping = false;
  form.addEventListener("input", () => (isTyping = true), { once: true });
  news.textContent = dataset.working;
  const challenge = JSON.parse(dataset.challenge);
  const solution = await solve(challenge.parameters, field);
  // Sent otherwise meanwhile.
  if (!solution || form.ariaBusy) return;
  field.value = btoa(JSON.stringify({ challenge, solution }));
  // What is being changed is not sent by a script, nor is what a solution did not help.
  if (isTyping || !dataset.sending) {
    news.textContent = dataset.done;
    return;
  }
  news.textContent = dataset.sending;
  form.requestSubmit(form.elements.send);
}

async function solve({ nonce, salt, cost, keyLength, keyPrefix }, field) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const counting = new DataView(password.buffer, password.length - 4);
  const way = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; field.isConnected; counter += 1) {
    counting.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(way, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
  return null;
}

function bytes(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
