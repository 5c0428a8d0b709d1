// What is being written stays in this tab until it is taken, for each answered reply on its own.

const SENT = "draft sent";
const form = document.getElementById("reply-form");
if (form) keepDraft();

function keepDraft() {
  const { elements } = form;
  const key = (parent) => `draft ${new URL(form.action).pathname} ${parent}`;
  const get = (name) => {
    try {
      return sessionStorage.getItem(name);
    } catch {
      return null; // Storage is switched off.
    }
  };
  const set = (name, text) => {
    try {
      if (text) sessionStorage.setItem(name, text);
      else sessionStorage.removeItem(name);
    } catch {
      // As above, or full.
    }
  };
  const read = (parent) => get(key(parent));
  const write = (parent, text) => set(key(parent), text);
  const show = (text) => {
    elements.comment.value = text;
    elements.comment.dispatchEvent(new Event("input", { bubbles: true }));
  };
  let place = elements.parent.value;
  let began;

  form.addEventListener("input", () => {
    write(elements.parent.value, elements.comment.value);
    if (elements.seconds) elements.seconds.value = Math.ceil((Date.now() - (began ??= Date.now())) / 1000);
  });
  form.addEventListener("moved", () => {
    const from = place;
    place = elements.parent.value;
    const kept = read(place);
    if (kept) return show(kept); // Both places have a text, and each keeps its own.
    write(from, "");
    write(place, elements.comment.value);
  });

  // Where the browser itself goes on, the page that comes tells whether the text was taken.
  form.addEventListener("leaving", () => set(SENT, key(place)));
  if (document.querySelector("[data-own-link]")) set(get(SENT), "");
  set(SENT, "");

  const kept = read(place);
  if (kept && !elements.comment.value) show(kept);
  for (const link of document.querySelectorAll(".reply-link")) {
    const begun = read(link.closest(".reply").id.slice("comment-".length));
    if (begun && (!elements.comment.value || elements.comment.value === begun)) {
      link.dispatchEvent(new Event("answer", { bubbles: true }));
      return;
    }
  }
}
