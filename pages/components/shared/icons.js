// Pictures of states and actions: 24 x 24 outlines, drawn with a stroke of 2.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  empty: "M4 19V5M4 19h16M7 15c3 0 3-8 6-8s3 5 6 5",
  queued: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2",
  warming: "M12 3v4M12 17v4M3 12h4M17 12h4M5.6 5.6l2.8 2.8M15.6 15.6l2.8 2.8M5.6 18.4l2.8-2.8M15.6 8.4l2.8-2.8",
  running: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
  finished: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.3l2.8 2.8L16 9.5",
  stopped_early: "M6 21V4M6 5h11l-2.5 4L17 13H6",
  stopped: "M7 7h10v10H7z",
  early_stop: "M6 21V4M6 5h11l-2.5 4L17 13H6M19 16v5M15.5 18.5h7",
  diverged: "M3 20c7 0 9-3 10-13M9.5 9.5L13.2 5l2.6 5.2M19 15l-4 4M15 15l4 4",
  failed: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9l6 6M15 9l-6 6",
  interrupted: "M4 12h4l2-3M20 12h-4l-2 3M13 5l-1 3M11 19l1-3",
  gone: "M5 7h14M9 7V4.5h6V7M7 7l1 13h8l1-13",
  offline: "M4 9c5-4 11-4 16 0M7 12.5c3-2.4 7-2.4 10 0M12 17v.5M4 4l16 16",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 7.8v.4",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  reset: "M5 5v5h5M5.5 10a7.5 7.5 0 1 1-.6 5",
  serious: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V13M12 16v.4",
  moderate: "M12 4L3 20h18zM12 10v5M12 17.3v.3",
  perhaps: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.3 9.6a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.2 1-1.2 1.9M12 16.6v.4",
  note: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 7.8v.4",
  healthy: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.3l2.8 2.8L16 9.5",
  better: "M5 17l5-6 3.5 3L19 7M14.5 7H19v4.5",
  worse: "M5 7l5 6 3.5-3L19 17M14.5 17H19v-4.5",
  luck: "M5 9.5c3-3 5 2 7.5 0s4-2.5 6.5-.5M5 15.5c3-3 5 2 7.5 0s4-2.5 6.5-.5",
  undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("lc-icon", `lc-icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function setIcon(holder, name) {
  if (holder.dataset.icon === name) return;
  holder.dataset.icon = name;
  holder.replaceChildren(icon(name));
}
