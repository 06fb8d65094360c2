// Words put together, cut and made safe for Plotly.

// Plotly reads a little HTML, and %{...} in hover texts: both are shown verbatim for what users named.
export function plotlyText(text) {
  return String(text).replace(/[&<>"'{}$\n\r]/g, (c) => (c < " " ? " " : `&#${c.charCodeAt(0)};`));
}

export function shortened(text, length) {
  const points = [...String(text)];
  return points.length > length ? points.slice(0, length - 1).join("") + "…" : points.join("");
}

export const joined = (...parts) => parts.filter(Boolean).join(" · ");
