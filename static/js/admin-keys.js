// The desk by keys: j k move between replies, a letter presses a button of the reply that has the focus.
const PRESSES = { a: ".is-approve", s: ".is-spam", r: ".is-remove", o: ".is-open" };
const NEXT = "desk-next";
const LAST = "desk-last";
const SWITCH = "desk-keys";
const cards = [...document.querySelectorAll(".desk-card")];
const dialog = document.getElementById("desk-keys");
const undo = document.getElementById("desk-undo");

const current = () => document.activeElement.closest(".desk-card");
const areOn = () => localStorage.getItem(SWITCH) !== "off";

function go(card) {
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const here = cards.indexOf(current());
  go(here < 0 ? cards[0] : cards[Math.min(Math.max(here + step, 0), cards.length - 1)]);
}

function openAnswer(card) {
  const box = card.querySelector(".desk-answer");
  if (!box) return;
  box.open = true;
  box.querySelector("textarea").focus();
}

// On the page of one reply there is no other that could be meant.
const meant = () => current() || (cards.length === 1 && !document.getElementById("changelist") ? cards[0] : null);

function act(key) {
  if (key === "j") return move(1);
  if (key === "k") return move(-1);
  if (key === "u") return (undo || document.querySelector("form.undo"))?.querySelector("button").click();
  if (key === "?") return dialog?.showModal();
  const card = meant();
  if (!card) return go(cards[0]);
  if (key === "x") return card.querySelector(".desk-tick")?.click();
  if (key === "e") return openAnswer(card);
  (card.querySelector(PRESSES[key]) || card.parentElement.querySelector(`.desk-decide ${PRESSES[key]}`))?.click();
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".desk-answer")) go(current());
  const types = event.target.closest("input:not([type=checkbox], [type=submit]), textarea, select");
  if (types || dialog?.open || event.ctrlKey || event.metaKey || event.altKey || !areOn()) return;
  const moves = "jk".includes(event.key);
  // A key that is held down decides once.
  if ((event.repeat && !moves) || !(moves || "ux?e".includes(event.key) || event.key in PRESSES)) return;
  event.preventDefault();
  act(event.key);
});

// The page comes back after each decision: the focus goes on to the next reply, or back to what was taken back.
addEventListener("submit", (event) => {
  if (event.target === undo) {
    sessionStorage.setItem(NEXT, sessionStorage.getItem(LAST) || "");
    return;
  }
  const { name } = event.submitter || {};
  const pressed = event.submitter?.closest(".desk-card");
  const ticked = cards.filter((card) => card.querySelector(".desk-tick")?.checked);
  const leaving = name === "decide_selected" ? ticked : [pressed];
  if (!leaving[0]) return;
  const here = cards.indexOf(leaving[0]);
  const leaves = ["decide", "decide_selected", "answer"].includes(name);
  const stay = (card) => !leaving.includes(card);
  const next = leaves ? cards.slice(here).find(stay) || cards.slice(0, here).findLast(stay) : pressed;
  sessionStorage.setItem(LAST, leaving[0].id);
  sessionStorage.setItem(NEXT, next ? next.id : "");
});

const next = sessionStorage.getItem(NEXT);
sessionStorage.removeItem(NEXT);
// An error takes the focus itself.
if (next !== null && !document.querySelector(".desk-answer [aria-invalid]")) {
  go(document.getElementById(next) || cards[0] || document.querySelector("main"));
  const messages = document.querySelector(".messagelist");
  if (messages) {
    // A live region speaks of what comes into it, not of what stood there when the page came.
    const region = document.createElement("div");
    region.role = "status";
    messages.before(region);
    setTimeout(() => region.append(messages), 100);
  }
}
document.querySelector(".desk-answer [aria-invalid]")?.focus();

if (undo) {
  const shown = undo.querySelector(".desk-seconds");
  let left = Number(undo.dataset.seconds);
  const tick = () => {
    shown.textContent = left;
    if (left > 0) return;
    clearInterval(timer);
    const hadFocus = undo.contains(document.activeElement);
    undo.remove();
    if (hadFocus) go(cards[0] || document.querySelector("main"));
  };
  const timer = setInterval(() => {
    left -= 1;
    tick();
  }, 1000);
  tick();
}

if (dialog) {
  const open = document.getElementById("desk-keys-open");
  const on = document.getElementById("desk-keys-on");
  open.parentElement.hidden = false;
  open.addEventListener("click", () => dialog.showModal());
  document.getElementById("desk-keys-close").addEventListener("click", () => dialog.close());
  on.checked = areOn();
  on.addEventListener("change", () => localStorage.setItem(SWITCH, on.checked ? "on" : "off"));
}
