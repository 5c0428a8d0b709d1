// Leave a Reply without leaving the page. The form goes where it goes without a script, and the pages that come back
// are read for what belongs here: the own reply, a preview, or the form with its errors.

const form = document.getElementById("reply-form");
const news = document.getElementById("reply-news");
const LONGEST_WAIT = 30000;
let isPlain = false;

document.querySelector("[autofocus], .own > .done")?.focus(); // Not every browser does so by itself.
// A preview shows the text as it is, or it is gone.
document.addEventListener("input", ({ target }) => {
  if (target.id === "reply-comment") document.getElementById("reply-preview")?.remove();
});
document.addEventListener("keydown", ({ key, ctrlKey, metaKey, isComposing, target }) => {
  if (key === "Enter" && (ctrlKey || metaKey) && !isComposing && target.id === "reply-comment") target.form.requestSubmit();
});
if (form) {
  form.addEventListener("submit", (event) => {
    if (isPlain) return;
    event.preventDefault();
    if (!form.ariaBusy) send(event.submitter ?? form.querySelector("[name=send]"));
  });
  prove();
}

async function send(button) {
  const label = button.textContent;
  form.ariaBusy = "true";
  news.textContent = button.textContent = button.dataset.busy;
  await ask(button).catch(() => sendPlainly(button));
  form.ariaBusy = null;
  button.textContent = label;
}

async function ask(button) {
  const body = new URLSearchParams(new FormData(form));
  body.set(button.name, button.value);
  let response, page;
  try {
    response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Prefer: "return=minimal" },
      signal: AbortSignal.timeout?.(LONGEST_WAIT),
    });
    page = await read(response);
  } catch {
    return refuse(news.dataset.failed);
  }
  const sentence = page.querySelector("main > [role=alert], .notice > .standfirst");
  if (response.status === 201) await taken(response.headers.get("Location"));
  else if (response.redirected) leave(() => location.assign(response.url));
  else if (page.getElementById("reply-form")) goOn(page, button);
  else if (sentence) refuse(sentence.textContent);
  else if (response.status >= 500) refuse(news.dataset.failed);
  else sendPlainly(button);
}

async function read(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// What nobody foresaw: the browser sends the form as if there were no script, and shows what comes.
function sendPlainly(button) {
  isPlain = true;
  leave(() => form.requestSubmit(button));
}

function leave(go) {
  form.dispatchEvent(new Event("leaving"));
  go();
}

async function taken(address) {
  const text = form.elements.comment;
  const isAnswer = form.elements.parent.value !== "";
  text.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  try {
    const there = new URL(address, location);
    const page = await read(await fetch(there));
    const own = page.querySelector(there.hash);
    const replies = document.getElementById("replies");
    renew(page);
    if (isAnswer) document.querySelector("[data-reply-cancel]").click();
    replies.replaceWith(page.getElementById("replies"));
    history.replaceState(null, "", there);
    document.dispatchEvent(new Event("replies"));
    own.focus();
    tell(own);
  } catch {
    // It was taken, and only its page is missing here.
    location.assign(address);
    if (location.href === new URL(address, location).href) location.reload();
  }
}

// The form that came back, with what stands typed here and with what is said about it.
function goOn(page, button) {
  const fresh = page.getElementById("reply-form");
  for (const field of fresh.elements) {
    const typed = form.elements[field.name];
    if (!typed || field.type === "hidden" || "fresh" in field.dataset) continue;
    field.value = typed.value;
    field.checked = typed.checked;
  }
  if (form.elements.parent.value !== fresh.elements.parent.value) {
    const cancel = document.querySelector("[data-reply-cancel]");
    if (!cancel) return sendPlainly(button);
    cancel.click();
  }
  clear();
  const said = [...page.querySelectorAll(".help-block, .error-summary, #reply-preview")];
  if (said.at(-1).id) fresh.querySelector(".field-comment").after(...said);
  else fresh.prepend(...said);
  renew(page);
  said[0].focus();
  tell(form);
}

function renew(page) {
  form.replaceChildren(...page.getElementById("reply-form").childNodes);
  form.dispatchEvent(new Event("renewed"));
  prove();
}

function prove() {
  const field = form.elements.proof;
  if (field) import(field.dataset.script).then(({ prove }) => prove(field));
}

function refuse(sentence) {
  clear();
  const summary = document.createElement("div");
  summary.className = "error-summary";
  summary.role = "alert";
  summary.tabIndex = -1;
  summary.append(document.createElement("p"));
  summary.firstChild.textContent = sentence;
  form.prepend(summary);
  summary.focus();
  news.textContent = "";
}

function clear() {
  for (const old of document.querySelectorAll(".help-block, .error-summary, #reply-preview")) old.remove();
}

// Focus goes to what came; this says what it means.
function tell(about) {
  const words = [...about.querySelectorAll(".held, .help-block h2")].map((element) => element.textContent);
  news.textContent = words.join(" ");
}
