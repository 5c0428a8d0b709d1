// The word processor: Tiptap, as django-prose-editor bundles it, over each <textarea data-editor="address of the bundle">.
// Without this file staff see the HTML itself. Its buttons are in templates/admin/posts/_toolbar.html.

// Its own style sheet would be refused; css/admin-editor.css holds those rules.
const CALM = { injectCSS: false };

function extensions(lib) {
  const figure = { addAttributes: () => ({}), addExtensions: () => [] };
  return [
    lib.Document, lib.Text, lib.Paragraph, lib.HardBreak, lib.Dropcursor, lib.Gapcursor, lib.History,
    lib.Heading.configure({ levels: [2, 3, 4] }),
    lib.Bold, lib.Italic, lib.Subscript, lib.Superscript,
    lib.BulletList, lib.OrderedList, lib.ListItem, lib.Blockquote,
    lib.Link.configure({ enableTarget: false, protocols: ["mailto", "tel"] }),
    lib.Table, lib.TableRow, lib.TableCell, lib.TableHeader,
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
  const onImage = (editor) => Boolean(imageAt(editor.state.selection));
  return {
    paragraph: { ...plain("setParagraph"), active: (editor) => editor.isActive("paragraph") },
    heading2: heading(2), heading3: heading(3), heading4: heading(4),
    bold: toggle("bold"), italic: toggle("italic"),
    subscript: toggle("subscript"), superscript: toggle("superscript"),
    bulletList: toggle("bulletList"), orderedList: toggle("orderedList"), blockquote: toggle("blockquote"),
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
    addRow: plain("addRowAfter"), addColumn: plain("addColumnAfter"),
    deleteRow: plain("deleteRow"), deleteColumn: plain("deleteColumn"), deleteTable: plain("deleteTable"),
    undo: { ...plain("undo"), can: (editor) => editor.can().undo() },
    redo: { ...plain("redo"), can: (editor) => editor.can().redo() },
    fullscreen: { ...plain("toggleFullscreen"), active: (editor) => editor.storage.fullscreen.fullscreen },
  };
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
  box.prepend(makeToolbar(lib, editor));
}

for (const textarea of document.querySelectorAll("textarea[data-editor]")) start(textarea);
