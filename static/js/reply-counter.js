// How many characters still fit, shown near the limit; it is spoken when it appears and when it is passed.

const form = document.querySelector("#reply-form, #edit-form");
if (form) {
  let told = 0;
  const show = () => {
    const text = form.elements.comment;
    const words = document.getElementById("reply-count");
    const limit = Number(text.dataset.limit);
    const left = limit - text.value.length;
    const level = left < 0 ? 2 : Number(left <= limit / 10);
    if (words.previousElementSibling !== text) text.after(words);
    words.hidden = !level;
    words.classList.toggle("is-over", left < 0);
    words.textContent = (left < 0 ? words.dataset.over : words.dataset.left).replace("{n}", Math.abs(left));
    if (level > told) document.getElementById("reply-news").textContent = words.textContent;
    told = level;
  };
  form.addEventListener("input", show);
  form.addEventListener("renewed", show);
  show();
}
