// The app's root as the browser sees it: right under a base path, behind a proxy and on deep links alike, because
// the page's own script was loaded from there.
export function appRoot() {
  const script = document.querySelector('script[src*="static/js/"]');
  const match = script && /^(.*?)static\/js\//.exec(script.src);
  return match ? match[1] : new URL("./", document.baseURI).href;
}
