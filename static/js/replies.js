// Leave a Reply: the form moves below the reply it answers, and home again. Who else must know hears of "moved".

const section = document.getElementById("leave-reply");
const cancel = section?.querySelector("[data-reply-cancel]");
if (cancel) answerInPlace();

function answerInPlace() {
  const heading = document.getElementById("leave-reply-heading");
  const form = document.getElementById("reply-form");
  const home = document.createComment("");
  section.before(home);
  const ownHeading = heading.textContent;
  let link = null;
  form.elements.parent.value = ""; // Firefox keeps a hidden field's value when a page is loaded again.

  document.addEventListener("click", (event) => {
    const clicked = event.target.closest(".reply-link");
    if (!clicked || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    answer(clicked);
    form.elements.comment.focus();
  });
  document.addEventListener("answer", (event) => answer(event.target));

  function answer(to) {
    link = to;
    const reply = link.closest(".reply");
    reply.after(section);
    form.elements.parent.value = reply.id.slice("comment-".length);
    const name = document.createElement("bdi");
    name.textContent = reply.querySelector(".reply-name").textContent;
    const [before, after] = heading.dataset.answer.split("{name}");
    heading.replaceChildren(before, name, after);
    cancel.parentElement.hidden = false;
    form.dispatchEvent(new Event("moved"));
  }

  cancel.addEventListener("click", () => {
    home.after(section);
    form.elements.parent.value = "";
    heading.textContent = ownHeading;
    cancel.parentElement.hidden = true;
    form.dispatchEvent(new Event("moved"));
    link.focus();
  });
}
