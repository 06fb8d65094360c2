import assert from "node:assert/strict";
import test from "node:test";

import { logTicks } from "../../pages/components/shared/ticks.js";

test("round values, at least four of them, all in view", () => {
  for (const range of [[0, 9], [0, 2], [-1, 0.3], [6.1, 7.9], [0.1, 0.5]]) {
    const { tickvals, ticktext } = logTicks(range, String);
    assert.ok(tickvals.length >= 4 && tickvals.length <= 14, `${range}: ${tickvals}`);
    assert.deepEqual(ticktext, tickvals.map(String));
    for (const v of tickvals) assert.ok(Math.log10(v) >= range[0] - 1e-9 && Math.log10(v) <= range[1] + 1e-9);
  }
});

test("a range too narrow for round values is left to Plotly", () => assert.equal(logTicks([0, 0.01], String).tickmode, "auto"));
