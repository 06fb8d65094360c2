// Which epoch is drawn, what its colours mean, and who moves whom.

import assert from "node:assert/strict";
import test from "node:test";

import { epochWords, placeOf } from "../../pages/components/insides/epochs.js";
import { landscapeFigure } from "../../pages/components/insides/landscape.js";
import { drawNetwork, lineLook, networkWords } from "../../pages/components/insides/network.js";
import { colourRange, heldFigure, surfaceFigure } from "../../pages/components/insides/prediction.js";
import { EpochChannel } from "../../pages/components/shared/epoch_channel.js";

const look = { theme: { size: 13, line: 2, text: "#000", grey: "#777", background: "#fff", train: "#00f", best: "#0f0" }, width: 400, height: 300 };
const surface = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]];
const regression = {
  target: "y", classes: [], output: 0, epochs: [1, 9], columns: ["a", "b"], values: [[0, 1], [0, 1]], surface,
  dots: { x: [0], y: [1], truth: [3, 1, 2, 100] }, held: { truth: [1, 2], predicted: [[0, 0], [1, 2]] },
};

test("the last epoch that is not later is drawn", () => {
  assert.deepEqual([0, 1, 5, 9, 40].map((epoch) => placeOf([1, 5, 9], epoch)), [0, 0, 1, 2, 2]);
  assert.equal(epochWords(5, { kept: 5, last: 1000 }), "epoch 5 of 1,000, the one kept");
});

test("a colour means the same in every epoch", () => {
  assert.deepEqual(colourRange(regression), [1, 100]);
  const [first, last] = [0, 1].map((place) => surfaceFigure(regression, place, look).data[0]);
  assert.deepEqual([first.z, last.z], surface);
  assert.deepEqual([first.zmin, first.zmax], [last.zmin, last.zmax]);
  assert.deepEqual(heldFigure(regression, 1, look).data[1].y, [1, 2]);
});

test("two classes have a line where the model changes its mind", () => {
  const figure = surfaceFigure({ ...regression, classes: ["no", "yes"], output: 1, dots: { x: [0], y: [0], truth: [1, 0] } }, 0, look);
  assert.deepEqual(figure.data.map(({ type }) => type), ["heatmap", "contour", "scatter"]);
  assert.deepEqual(figure.data[2].marker.color, [1, 0]);
});

test("losses that differ much are on a logarithmic scale, and each rate has a mark at the epoch", () => {
  const path = { rate: 0.01, epochs: [0, 4, 8], x: [0, 1, 2], y: [0, 0, 0], loss: [100, 10, 1] };
  const answer = { x: [0, 2], y: [0, 2], loss: [[1, null], [100, 10]], side: "validation", explained: [0.7, 0.2], paths: [path] };
  const { data } = landscapeFigure(answer, 5, look);
  assert.deepEqual(data[0].z, [[0, null], [2, 1]]);
  assert.deepEqual(data[2].x, [1]);
});

test("an epoch that is told moves the others once, and no echo comes back", () => {
  globalThis.window = new EventTarget();
  const heard = [];
  const curve = new EpochChannel((run, epoch) => (heard.push(["curve", run, epoch]), curve.tell(run, epoch)));
  const inner = new EpochChannel((run, epoch) => heard.push(["inner", run, epoch]));
  inner.tell("a", 3);
  curve.tell("a", 4);
  curve.tell("a", null);
  assert.deepEqual([curve.now("a"), curve.now("b")], [null, null]);
  inner.end();
  curve.tell("a", 7);
  assert.deepEqual(heard, [["curve", "a", 3], ["inner", "a", 4], ["inner", "a", null]]);
  assert.deepEqual([inner.now("a"), inner.now("b")], [7, null]); // what is opened later begins there
  delete globalThis.window;
});

test("the lines of a network get thicker and change sides as it learns", () => {
  const lines = [0, 1].map(() => ({ setAttribute(name, value) { this[name] = value; } }));
  const plot = { querySelectorAll: () => lines };
  const answer = { svg: "<svg/>", hues: ["up", "down"], epochs: [1, 9], kept: 9, lines: [[0.25, 0.25], [1, -1]] };
  drawNetwork(plot, answer, 0);
  assert.deepEqual(lines.map((line) => [line.stroke, line["stroke-width"]]), [["up", "1.25"], ["up", "1.25"]]);
  drawNetwork(plot, answer, 1);
  assert.deepEqual(lines.map((line) => [line.stroke, line["stroke-width"]]), [["up", "5.00"], ["down", "5.00"]]);
  assert.equal(lineLook(-2, answer.hues)["stroke-width"], lineLook(1.5, answer.hues)["stroke-width"]); // no line covers the rest
  assert.match(networkWords(answer, 0), /together 25 % of those/);
});
