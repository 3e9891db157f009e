// Small helpers to build the page. Text is always set as text: nothing here, and nothing on this page, parses HTML,
// so a hostile name stays a name.

/** Makes an element. Children are elements or strings; a string becomes a text node. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Writes only what changed, so that a refresh neither flickers nor loses the reader's selection. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

const ICONS = {
  play: 'M8 5v14l11-7z',
  pause: 'M7 5h4v14H7zM13 5h4v14h-4z',
  muted: 'M4 9v6h4l5 4V5L8 9zM16 9l5 6M21 9l-5 6',
  sound: 'M4 9v6h4l5 4V5L8 9zM16 9q2.5 3 0 6M18.5 6.5q5 5.5 0 11',
  fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  copy: 'M8 8h11v12H8zM5 16V4h10',
  close: 'M6 6l12 12M18 6L6 18',
};

/** A line drawing in the colour of the text around it. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon', `icon-${name}`);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; `label` is what a screen reader says and a pointer shows. */
export function iconButton(name, label, onClick) {
  const button = make('button', { type: 'button', class: 'icon-button' });
  setIcon(button, name, label);
  button.addEventListener('click', onClick);
  return button;
}

/** Changes the picture and the label of an icon button. */
export function setIcon(button, name, label) {
  if (button.dataset.icon !== name) {
    button.dataset.icon = name;
    button.replaceChildren(icon(name));
  }
  button.setAttribute('aria-label', label);
  button.title = label;
}

/** A line of text that one click copies. */
export function copyLine(text) {
  const code = make('code', { tabindex: '0' }, text);
  const said = make('span', { class: 'copied', role: 'status' });
  const button = iconButton('copy', `Copy ${text}`, async () => {
    setText(said, (await copied(code)) ? 'Copied' : 'Selected: press Ctrl+C');
    setTimeout(() => setText(said, ''), 2000);
  });
  return make('div', { class: 'copy-line' }, code, button, said);
}

/** The clipboard is closed to pages on plain http beyond loopback: there the text is selected instead. */
async function copied(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return false;
  }
}
