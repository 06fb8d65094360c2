// Which run is being followed on the server: one at a time.

import { follow } from "./poll.js";

export class Following {
  // hooks: as of `follow`, but for `gone`: a run that is gone is news.
  constructor(hooks) {
    this.hooks = { ...hooks, gone: (record) => ((record.gone = true), hooks.news(record)) };
    this.controller = null;
    this.active = false; // until the run's end has been heard
  }

  // Follows a record from now on, null for none; returns the signal that aborts when something else is followed.
  start(record) {
    this.stop();
    const controller = new AbortController();
    Object.assign(this, { controller, active: Boolean(record) });
    const over = () => this.controller === controller && (this.active = false);
    if (record) follow(record, this.hooks, controller.signal).finally(over);
    return controller.signal;
  }

  stop() {
    this.controller?.abort();
  }
}
