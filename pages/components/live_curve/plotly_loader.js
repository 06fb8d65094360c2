// plotly.js of the server's own wheel, once per tab.

import { appRoot } from "../shared/app_root.js";
import { element } from "../shared/dom.js";

let plotlyLoading = null;

export function loadPlotly(version) {
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
