// Leave a Reply: the form moves below the reply it answers, remembers who writes, and counts near the limit.

const section = document.getElementById("leave-reply");
const form = document.getElementById("reply-form");

document.querySelector(".error-summary")?.focus();
if (form) {
  answerInPlace();
  rememberWriter();
  countCharacters(form.elements.comment, document.getElementById("reply-count"));
  sendOnce();
}

function answerInPlace() {
  const heading = document.getElementById("leave-reply-heading");
  const cancel = section.querySelector("[data-reply-cancel]");
  if (!cancel) return;
  const home = document.createComment("");
  section.before(home);
  const ownHeading = heading.textContent;
  let link = null;
  form.elements.parent.value = ""; // Firefox keeps a hidden field's value when a page is loaded again.

  document.getElementById("replies")?.addEventListener("click", (event) => {
    const clicked = event.target.closest("[data-reply-to]");
    if (!clicked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link = clicked;
    link.closest(".reply").after(section);
    form.elements.parent.value = link.dataset.replyTo;
    const name = document.createElement("bdi");
    name.textContent = link.dataset.name;
    const [before, after] = heading.dataset.answer.split("{name}");
    heading.replaceChildren(before, name, after);
    cancel.parentElement.hidden = false;
    form.elements.comment.focus();
  });

  cancel.addEventListener("click", () => {
    home.after(section);
    form.elements.parent.value = "";
    heading.textContent = ownHeading;
    cancel.parentElement.hidden = true;
    link.focus();
  });
}

function rememberWriter() {
  const row = form.querySelector("[data-remember]");
  if (!row) return;
  const box = row.querySelector("input");
  const fields = ["name", "email", "website"].map((name) => form.elements[name]).filter(Boolean);
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem("writer"));
  } catch {
    row.hidden = true; // Storage is switched off, or holds something else.
    return;
  }
  box.checked = Boolean(kept);
  for (const field of fields) field.value ||= kept?.[field.name] ?? "";
  form.addEventListener("submit", () => {
    const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    if (box.checked) localStorage.setItem("writer", JSON.stringify(values));
    else localStorage.removeItem("writer");
  });
}

function countCharacters(text, words) {
  const limit = Number(text.dataset.limit);
  text.after(words);
  const show = () => {
    const left = limit - text.value.length;
    words.hidden = left > limit / 10;
    words.classList.toggle("is-over", left < 0);
    words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
  };
  text.addEventListener("input", show);
  show();
}

function sendOnce() {
  const button = form.querySelector("[type=submit]");
  form.addEventListener("submit", (event) => {
    if (button.ariaDisabled) event.preventDefault();
    button.ariaDisabled = "true";
    // A page that is still here was not answered: the reader may try again.
    setTimeout(() => (button.ariaDisabled = null), 10000);
  });
  // Back from the next page, the form may be sent again.
  addEventListener("pageshow", () => (button.ariaDisabled = null));
}
