// The word processor: Tiptap, as django-prose-editor bundles it, over each <textarea data-editor="address of the bundle">.
// Without this file staff see the HTML itself. Its buttons are in templates/admin/posts/_toolbar.html.

// Its own style sheet would be refused; css/admin-editor.css holds those rules.
const CALM = { injectCSS: false };

// The classes of block quotes that readers see as callouts (ketablog/markup/callouts.py).
const CALLOUTS = ["note", "tip", "warning"];

// A table's caption is an attribute of it: the table's commands know nothing but rows. Its markup becomes plain text.
const captioned = {
  addAttributes: () => ({
    caption: { default: "", rendered: false, parseHTML: (table) => table.caption?.textContent.trim() ?? "" },
  }),
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  renderHTML({ node, HTMLAttributes }) {
    const [tag, attributes, ...rows] = this.parent({ node, HTMLAttributes });
    return [tag, attributes, ...(node.attrs.caption ? [["caption", node.attrs.caption]] : []), ...rows];
  },
  addNodeView() {
    const make = this.parent();
    return (given) => {
      const view = make(given);
      const caption = view.table.createCaption();
      const { update } = view;
      const show = (node) => { caption.textContent = node.attrs.caption; };
      caption.contentEditable = "false";
      show(given.node);
      view.update = (node) => {
        const isUpdated = update(node);
        if (isUpdated) show(node);
        return isUpdated;
      };
      return view;
    };
  },
};

function extensions(lib) {
  const figure = { addAttributes: () => ({}), addExtensions: () => [] };
  const kind = {
    default: null,
    parseHTML: (element) => CALLOUTS.find((name) => element.className === name) ?? null,
    renderHTML: (attributes) => (attributes.class ? { class: attributes.class } : {}),
  };
  return [
    lib.Document, lib.Text, lib.Paragraph, lib.HardBreak, lib.Dropcursor, lib.Gapcursor, lib.History,
    lib.Heading.configure({ levels: [2, 3, 4] }),
    lib.Bold, lib.Italic, lib.Subscript, lib.Superscript,
    lib.Underline, lib.Strike, lib.Code, lib.CodeBlock, lib.HorizontalRule, // No buttons: imported texts keep theirs.
    lib.BulletList, lib.OrderedList, lib.ListItem, lib.Blockquote.extend({ addAttributes: () => ({ class: kind }) }),
    lib.Link.configure({ enableTarget: false, protocols: ["mailto", "tel"] }),
    lib.Table.extend(captioned), lib.TableRow, lib.TableCell, lib.TableHeader,
    lib.Image, lib.Figure.extend(figure), lib.Caption.extend({ addAttributes: () => ({}) }),
    lib.Fullscreen,
  ];
}

// A command: `run` does it, `active` says whether it holds here, `can` whether it would do anything.
function commands(lib, words) {
  const toggle = (name, attributes) => ({
    run: (editor) => editor.chain().focus()[`toggle${name[0].toUpperCase()}${name.slice(1)}`](attributes).run(),
    active: (editor) => editor.isActive(name, attributes),
  });
  const plain = (name, ...given) => ({ run: (editor) => editor.chain().focus()[name](...given).run() });
  const heading = (level) => toggle("heading", { level });
  const quote = (kind) => ({ run: (editor) => setQuote(editor, kind), active: (editor) => isQuote(editor, kind) });
  const onImage = (editor) => Boolean(imageAt(editor.state.selection));
  return {
    paragraph: { ...plain("setParagraph"), active: (editor) => editor.isActive("paragraph") },
    heading2: heading(2), heading3: heading(3), heading4: heading(4),
    bold: toggle("bold"), italic: toggle("italic"),
    subscript: toggle("subscript"), superscript: toggle("superscript"),
    bulletList: toggle("bulletList"), orderedList: toggle("orderedList"),
    blockquote: quote(null), note: quote("note"), tip: quote("tip"), warning: quote("warning"),
    link: {
      run: (editor) => askLink(lib, words, editor),
      active: (editor) => editor.isActive("link"),
      can: (editor) => !editor.state.selection.empty || editor.isActive("link"),
    },
    image: {
      run: (editor) => (onImage(editor) ? askAlt(lib, words, editor) : chooseImage(editor)),
      active: onImage,
    },
    caption: { ...plain("toggleCaption"), can: onImage },
    table: {
      ...plain("insertTable", { rows: 3, cols: 3, withHeaderRow: true }),
      can: (editor) => !editor.isActive("table"),
    },
    tableCaption: { run: (editor) => askTableCaption(lib, words, editor) },
    addRow: plain("addRowAfter"), addColumn: plain("addColumnAfter"),
    deleteRow: plain("deleteRow"), deleteColumn: plain("deleteColumn"), deleteTable: plain("deleteTable"),
    undo: { ...plain("undo"), can: (editor) => editor.can().undo() },
    redo: { ...plain("redo"), can: (editor) => editor.can().redo() },
    fullscreen: { ...plain("toggleFullscreen"), active: (editor) => editor.storage.fullscreen.fullscreen },
  };
}

const isQuote = (editor, kind) => editor.isActive("blockquote", { class: kind });

// The same kind again: no quote any more. Another kind: only the kind changes, for a callout in a callout helps nobody.
function setQuote(editor, kind) {
  const chain = editor.chain().focus();
  if (isQuote(editor, kind)) return chain.lift("blockquote").run();
  if (editor.isActive("blockquote")) return chain.updateAttributes("blockquote", { class: kind }).run();
  return chain.wrapIn("blockquote", { class: kind }).run();
}

async function askLink(lib, words, editor) {
  const fields = { href: { type: "string", title: words.askAddress } };
  const ask = lib.updateAttrsDialog(fields, { title: words.askLink, submitText: words.ok });
  const answer = await ask(editor, editor.getAttributes("link"));
  if (!answer) return editor.view.focus();
  const href = answer.href.trim();
  const chain = editor.chain().focus().extendMarkRange("link");
  if (!href) return chain.unsetLink().run();
  return chain.setLink({ href: /^[\w-]+(\.[\w-]+)+(\/|$)/.test(href) ? `https://${href}` : href }).run();
}

async function askAlt(lib, words, editor) {
  const { node, position } = imageAt(editor.state.selection);
  const ask = lib.updateAttrsDialog(
    { alt: { type: "string", title: words.askAlt, required: true } },
    { title: words.askImage, submitText: words.ok },
  );
  const answer = await ask(editor, { alt: node.attrs.alt });
  if (!answer) return editor.view.focus();
  const change = ({ tr }) => Boolean(tr.setNodeMarkup(position, null, { ...node.attrs, alt: answer.alt.trim() }));
  return editor.chain().focus().command(change).run();
}

async function askTableCaption(lib, words, editor) {
  const fields = { caption: { type: "string", title: words.askTableCaption } };
  const ask = lib.updateAttrsDialog(fields, { title: words.askTable, submitText: words.ok });
  const answer = await ask(editor, editor.getAttributes("table"));
  if (!answer) return editor.view.focus();
  return editor.chain().focus().updateAttributes("table", { caption: answer.caption.trim() }).run();
}

// The image that is selected, or whose figure the cursor is in.
function imageAt({ node, from, $from }) {
  if (node?.type.name === "image") return { node, position: from };
  if (node?.type.name === "figure") return { node: node.firstChild, position: from + 1 };
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === "figure") {
      return { node: $from.node(depth).firstChild, position: $from.start(depth) };
    }
  }
  return null;
}

function chooseImage(editor) {
  const insert = ({ address, alt, caption }) => {
    const content = [{ type: "image", attrs: { src: address, alt } }];
    if (caption) content.push({ type: "caption", content: [{ type: "text", text: caption }] });
    editor.chain().focus().insertContent([{ type: "figure", content }, { type: "paragraph" }]).run();
  };
  const detail = { use: insert, cancel: () => editor.view.focus() };
  document.dispatchEvent(new CustomEvent("ketablog:choose-image", { detail }));
}

function makeToolbar(lib, editor) {
  const toolbar = document.getElementById("editor-toolbar").content.firstElementChild.cloneNode(true);
  const known = commands(lib, toolbar.dataset);
  const buttons = [...toolbar.querySelectorAll("button")];
  for (const button of buttons) {
    if (button.title) button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      editor.view.focus(); // At once: Tiptap's own focus() waits for a frame, and keys typed meanwhile would go astray.
      known[button.dataset.command].run(editor);
    });
  }
  const show = () => {
    for (const part of toolbar.querySelectorAll("[data-in]")) part.hidden = !editor.isActive(part.dataset.in);
    for (const button of buttons) {
      const { active, can } = known[button.dataset.command];
      if (active) button.setAttribute("aria-pressed", String(Boolean(active(editor))));
      if (can) button.setAttribute("aria-disabled", String(!can(editor)));
    }
  };
  editor.on("transaction", show);
  show();
  moveWithArrows(toolbar, buttons);
  return toolbar;
}

// One stop for the Tab key; the arrow keys move within.
function moveWithArrows(toolbar, buttons) {
  const stopAt = (current) => buttons.forEach((button) => { button.tabIndex = button === current ? 0 : -1; });
  stopAt(buttons[0]);
  toolbar.addEventListener("focusin", (event) => stopAt(event.target));
  toolbar.addEventListener("keydown", (event) => {
    const onward = getComputedStyle(toolbar).direction === "rtl" ? -1 : 1;
    const shown = buttons.filter((button) => button.offsetParent);
    const here = shown.indexOf(document.activeElement);
    const to = { ArrowRight: here + onward, ArrowLeft: here - onward, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    shown[(to + shown.length) % shown.length].focus();
  });
}

async function start(textarea) {
  const lib = await import(textarea.dataset.editor);
  const box = document.createElement("div");
  box.className = "prose-editor";
  textarea.before(box);
  box.append(textarea);
  const label = document.querySelector(`label[for="${textarea.id}"]`)?.textContent.replace(/:$/, "") ?? "";
  const editor = new lib.Editor({
    ...CALM,
    element: box,
    extensions: extensions(lib),
    content: textarea.value,
    editorProps: { attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label } },
    onUpdate: () => { textarea.value = editor.isEmpty ? "" : editor.getHTML().replace(/(<p><\/p>)+$/, ""); },
  });
  const toolbar = makeToolbar(lib, editor);
  for (const name of CALLOUTS) {
    const words = toolbar.querySelector(`[data-command="${name}"]`).textContent;
    box.style.setProperty(`--${name}`, JSON.stringify(words)); // For the style sheet to show above the callout.
  }
  box.prepend(toolbar);
}

// What was written and not saved is not left without a question.
function guard(form) {
  const written = () => {
    const chosen = [...form.querySelectorAll("select.filtered[id$='_to'] option")].map((option) => ["", option.value]);
    const sent = [...new FormData(form)].map(([name, value]) => [name, value.name ?? value]);
    return JSON.stringify([...sent, ...chosen]);
  };
  const wasRefused = form.querySelector(".errornote, .errorlist") !== null;
  let isLeft = false;
  let saved = null;
  addEventListener("load", () => setTimeout(() => { saved = written(); })); // The admin's own scripts fill in first.
  form.addEventListener("submit", () => { isLeft = true; });
  addEventListener("pageshow", () => { isLeft = false; });
  addEventListener("beforeunload", (event) => {
    if (!isLeft && saved !== null && (wasRefused || written() !== saved)) event.preventDefault();
  });
}

for (const textarea of document.querySelectorAll("textarea[data-editor]")) {
  start(textarea);
  guard(textarea.form);
}
