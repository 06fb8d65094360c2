import assert from "node:assert/strict";
import test from "node:test";

import { columnsOf, gridOf } from "../../pages/components/side_by_side/grid.js";
import { addBaselines } from "../../pages/components/side_by_side/figure.js";
import { keptValue, noteOf, partOf } from "../../pages/components/side_by_side/parts.js";
import { panelOf } from "../../pages/components/live_curve/panel_names.js";
import { factsOf, mergeCurves, records } from "../../pages/components/live_curve/records.js";

const PANEL = { train: "train_loss", validation: "val_loss" };
const words = (value) => String(value);

function trial(number, { best = null, diverged = null } = {}) {
  const context = { task: "regression", loss_name: "mse" };
  return { number, best_epoch: best, diverged_epoch: diverged, hyperparameters: { epochs: 40 }, context };
}

function told(id, status, trials, chunks) {
  const run = { id, status, epochs_total: 80, epochs_done: 4 };
  const rows = chunks.map(([number, values]) => ({ number, first: 0, loss: values, train_loss: values, val_loss: values, metric: values, val_metric: values }));
  const record = records.open(id);
  mergeCurves(record, { run, trials, engine: "ready", cursor: (record.cursor ?? 0) + 1, state: `${status}${chunks.length}`, chunks: rows });
  return record;
}

test("panels stand in rows of three, four two by two, and one below the other on a phone", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((n) => columnsOf(n, 1200)), [1, 2, 3, 2, 3, 3]);
  assert.equal(columnsOf(6, 390), 1);
});

test("panels are of one size, overlap nowhere and stay inside", () => {
  for (const [n, width] of [[2, 900], [3, 1800], [4, 700], [6, 640], [5, 380]]) {
    const { boxes, margin } = gridOf(n, { width, height: 900, size: 13 });
    assert.equal(new Set(boxes.map((box) => `${box.width} ${box.height}`)).size, 1);
    for (const [i, a] of boxes.entries()) {
      assert.ok(a.left >= margin.l && a.left + a.width <= width && a.top + a.height <= 900 - margin.b + 1e-9);
      for (const b of boxes.slice(i + 1)) assert.ok(a.left + a.width < b.left || a.top + a.height + 30 < b.top, `${n} ${width}`);
    }
    assert.deepEqual(boxes.filter((box) => box.last).length, Math.min(n, columnsOf(n, width)));
  }
});

test("a panel has its own trials only, and hears of new epochs", () => {
  told("shared", "running", [trial(0), trial(1), trial(2)], [[0, [5, 4]], [1, [50, 40]]]);
  const record = records.peek("shared");
  assert.deepEqual([...partOf(record, [1, 2]).series.keys()], [1]);
  assert.equal(noteOf(partOf(record, [1, 2]), PANEL, words), "epoch 2 of 40");
  assert.equal(noteOf(partOf(record, [2]), PANEL, words), "waiting for its turn");
  told("shared", "running", [trial(0), trial(1), trial(2)], [[2, [7, 6, 5]]]);
  assert.equal(noteOf(partOf(record, [2]), PANEL, words), "epoch 3 of 40");
  assert.equal(partOf(record, null), record);
});

test("baselines stand in the unit of the panel: the root of the loss on RMSE", () => {
  const context = { task: "regression", loss_name: "mse", dummy_loss: 49, linear_loss: 9 };
  const record = told("flat", "finished", [{ ...trial(0), context }], [[0, [9, 4]]]);
  for (const [key, heights] of [["loss", [49, 9]], ["rmse", [7, 3]]]) {
    const figure = { layout: { shapes: [] } };
    const view = { state: { baselines: true }, theme: { line: 1 }, panel: panelOf({ panel: key }, factsOf(record), ""), ranges: { y: [0, 50] } };
    addBaselines(figure, view, record, "");
    assert.deepEqual(figure.layout.shapes.map((shape) => shape.y0), heights);
  }
});

test("what a panel came to is each seed's own kept value, and what was lost is said", () => {
  const rows = [[0, [9, 1, 8]], [1, [9, 5, 2]], [2, [3, 30, 300]]];
  const record = told("ended", "finished", [trial(0, { best: 2 }), trial(1, { best: 3 }), trial(2, { best: 1, diverged: 3 })], rows);
  assert.equal(keptValue(record, PANEL), 2);
  assert.equal(noteOf(record, PANEL, words), "1 of 3 diverged · 2 at epoch 2");
  const last = told("plain", "finished", [trial(0)], [[0, [9, 1, 8]]]);
  assert.equal(noteOf(last, PANEL, words), "8 after 3 epochs");
});
