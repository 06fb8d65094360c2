import assert from "node:assert/strict";
import test from "node:test";

import { measuredOn, panelOf, panelsOf, sharedPanels } from "../../pages/components/live_curve/panel_names.js";

const factsOf = (lossName, more = {}) => ({ lossName, classification: lossName.includes("cross"), context: { task: "any", ...more } });
const tabs = (facts) => panelsOf(facts, "price").map(({ tab }) => tab);

test("the first panel is in the target's own unit where there is one", () => {
  assert.deepEqual(tabs(factsOf("mse")), ["RMSE", "Loss", "MAE"]);
  assert.deepEqual(tabs(factsOf("mse", { target_transform: "log" })), ["MAE", "Loss"]); // that root would be a factor
  assert.deepEqual(tabs(factsOf("mae")), ["MAE", "Loss"]);
  assert.deepEqual(tabs(factsOf("sparse_categorical_crossentropy")), ["Loss", "Accuracy"]);
});

test("a choice holds where the run has such a panel", () => {
  assert.equal(panelOf({ panel: "metric" }, factsOf("mse"), "").key, "metric");
  assert.equal(panelOf({ panel: "rmse" }, factsOf("sparse_categorical_crossentropy"), "").key, "loss");
  assert.equal(panelOf({ panel: "" }, factsOf("mse"), "price").name, "Root of the mean squared error of price");
});

test("what the doctor measures on the loss is shown on its root, and not on other panels", () => {
  const facts = factsOf("mse");
  const { panel, shown, of } = measuredOn(panelOf({ panel: "rmse" }, facts, ""), facts);
  assert.deepEqual([panel.validation, shown(49), of], ["val_loss", 7, "loss "]);
  assert.equal(measuredOn(panelOf({ panel: "metric" }, facts, ""), facts), null);
});

test("runs side by side are drawn by what all of them have", () => {
  const keys = (...all) => sharedPanels(all, "price").map(({ key }) => key);
  assert.deepEqual(keys(factsOf("mse"), factsOf("mse")), ["rmse", "loss", "metric"]);
  assert.deepEqual(keys(factsOf("mse"), factsOf("mae")), ["metric", "loss"]); // no root of an absolute error
  assert.deepEqual(keys(factsOf("mse"), factsOf("mse", { target_transform: "log" })), ["metric", "loss"]);
});
