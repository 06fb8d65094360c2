// News of runs from the server, by long poll. Nothing is asked for while the tab is hidden.
// A record has {id, feed: the route that tells of it, cursor, state}; `merge` and `isFinal` are those of the component.

const WAIT_MS = 2_000; // a server that is stopped waits for the answers under way, so they must not take long
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 8_000;
const NOTE_AFTER = 2; // failures in a row before the reader is told

// The app's root as the browser sees it: right under a base path, behind a proxy and on deep links alike, because
// the page's own script was loaded from there.
function appRoot() {
  const script = document.querySelector('script[src*="static/js/"]');
  const match = script && /^(.*?)static\/js\//.exec(script.src);
  return match ? match[1] : new URL("./", document.baseURI).href;
}

const sleep = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

function whenVisible(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", done);
      resolve();
    };
    document.addEventListener("visibilitychange", done);
    signal.addEventListener("abort", done, { once: true });
  });
}

async function ask(record, wait, signal) {
  const query = new URLSearchParams({ after: record.cursor, wait: record.state ? wait : 0 });
  if (record.state) query.set("state", record.state);
  if (record.known !== undefined) query.set("known", record.known);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(wait + 10_000)]);
  const response = await fetch(`${appRoot()}api/${record.feed}/${encodeURIComponent(record.id)}?${query}`, { signal: patience });
  if (response.status === 404 && (response.headers.get("content-type") ?? "").includes("json")) return null;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

// Keeps a record up to date until its run is final (or gone), or until `signal` aborts.
// hooks: news(record) after each answer, offline(boolean), gone(record), and pause: milliseconds between two questions.
async function follow(record, hooks, signal) {
  let failures = 0;
  while (!signal.aborted) {
    await whenVisible(signal);
    if (signal.aborted) return;
    try {
      const answer = await ask(record, WAIT_MS, signal);
      if (signal.aborted) return;
      if (failures >= NOTE_AFTER) hooks.offline(false);
      failures = 0;
      if (answer === null) return hooks.gone(record);
      merge(record, answer);
      hooks.news(record);
      if (isFinal(record) && !answer.more) return;
      if (hooks.pause && !answer.more) await sleep(hooks.pause, signal);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (failures === NOTE_AFTER) hooks.offline(true);
      await sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)), signal);
    }
  }
}

let plotlyLoading = null;

// plotly.js of the server's own wheel, once per tab.
function loadPlotly(version) {
  plotlyLoading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = element("script", { src: `${appRoot()}api/plotly.min.js?v=${encodeURIComponent(version)}` });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      plotlyLoading = null;
      script.remove();
      reject(new Error("plotly.js could not be loaded"));
    };
    document.head.append(script);
  });
  return plotlyLoading;
}
