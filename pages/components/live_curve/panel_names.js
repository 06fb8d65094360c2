// What each panel shows.

// Names of what each panel shows. `source` is the series of training, validation and the running mean.
export function panelOf(state, facts, target) {
  const of = target ? ` of ${target}` : "";
  if (state.panel === "metric") {
    const name = facts.classification ? "Accuracy" : `Mean absolute error${of}`;
    const baselines = { dummy: "dummy_metric", linear: "linear_metric", tree: "tree_metric" };
    return { name, train: "metric", validation: "val_metric", running: null, ...baselines };
  }
  const learned = of && facts.context?.target_transform === "log" ? ` of the logarithm${of}` : of; // what the loss is of
  const losses = { mse: `Loss: mean squared error${learned}`, mae: `Loss: mean absolute error${learned}` };
  const name = losses[facts.lossName] ?? (facts.lossName ? "Loss: cross-entropy" : "Loss");
  const baselines = { dummy: "dummy_loss", linear: "linear_loss", tree: "tree_loss" };
  return { name, train: "train_loss", validation: "val_loss", running: "loss", ...baselines };
}
