// What can be drawn, and what each of it shows.

const BASELINES = ["dummy", "linear", "tree"];
const LOSSES = { mse: "mean squared error", mae: "mean absolute error" };

// The panels of a run, the first one in the target's own unit where there is one: {key, tab, name, share, train, validation,
// running, dummy, linear, tree}, of which the last six are names of series and of facts.
export function panelsOf(facts, target) {
  const of = target ? ` of ${target}` : "";
  const logged = facts.context?.target_transform === "log";
  const known = LOSSES[facts.lossName];
  const lossName = known ? `Loss: ${known}${logged && of ? " of the logarithm" : ""}${of}` : facts.lossName ? "Loss: cross-entropy" : "Loss";
  const loss = panel("loss", "Loss", lossName, ["train_loss", "val_loss", "loss"]);
  if (facts.classification) return [loss, { ...panel("metric", "Accuracy", "Accuracy", ["metric", "val_metric", null]), share: true }];
  const tab = facts.context?.task ? "MAE" : "Metric";
  const metric = panel("metric", tab, `Mean absolute error${of}`, ["metric", "val_metric", null]);
  if (facts.lossName === "mse" && !logged) {
    return [panel("rmse", "RMSE", `Root of the mean squared error${of}`, ["train_rmse", "val_rmse", "rmse"]), loss, metric];
  }
  return facts.lossName ? [metric, loss] : [loss, metric];
}

// The one that was chosen, or the first where it was not, or where this run has no such panel.
export const panelOf = (state, facts, target) => chosenOf(panelsOf(facts, target), state);

export const chosenOf = (panels, state) => panels.find(({ key }) => key === state.panel) ?? panels[0];

// The panels that several runs share, in the order of the one that has fewest; as `shared_panels` in
// tuning_core/diagnosis/comparison.py.
export function sharedPanels(allFacts, target) {
  const all = allFacts.map((facts) => panelsOf(facts, target));
  const fewest = all.reduce((least, panels) => (panels.length < least.length ? panels : least));
  return fewest.filter(({ key }) => all.every((panels) => panels.some((panel) => panel.key === key)));
}

// The panel that the doctor measures, and how its values become those of the panel that is drawn; null: not at all.
export function measuredOn(panel, facts) {
  if (panel.key === "metric") return null;
  const loss = panelOf({ panel: "loss" }, facts, "");
  return panel.key === "rmse" ? { panel: loss, shown: Math.sqrt, of: "loss " } : { panel: loss, shown: (v) => v, of: "" };
}

function panel(key, tab, name, [train, validation, running]) {
  const baselines = Object.fromEntries(BASELINES.map((baseline) => [baseline, `${baseline}_${key}`]));
  return { key, tab, name, share: false, train, validation, running, ...baselines };
}
