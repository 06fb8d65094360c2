// Elements, built and changed.

// element("button", {class: "x", onclick: f}, "text", child...): text is data and never parsed as HTML.
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export const setText = (node, text) => node.textContent !== text && (node.textContent = text);

// New children, when what they are made of has changed.
export function renew(node, from, make) {
  const key = JSON.stringify(from);
  if (node.dataset.madeFrom === key) return;
  node.dataset.madeFrom = key;
  node.replaceChildren(...make());
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
