// Follows a class on the server and tells the page, once, that something was changed for it. Draws nothing.

import { Following } from "../shared/following.js";
import { Outbox } from "../shared/outbox.js";

const PAUSE_MS = 300; // between two questions

export class ClassChannel {
  constructor() {
    this.outbox = new Outbox();
    this.following = new Following({
      merge: (record, answer) => Object.assign(record, answer),
      news: (record) => this.news(record),
      offline: () => {},
      pause: PAUSE_MS,
    });
  }

  // Called by Streamlit at every page run; `version` is what that run has shown.
  update({ data, setTriggerValue }) {
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    this.shown = JSON.stringify([data.version, data.members]);
    this.counts = data.members !== null; // whether who comes and goes is news as well
    if (data.classroom === this.classroom) return;
    this.classroom = data.classroom;
    this.following.start({ id: data.classroom, feed: "classroom", cursor: 0 });
  }

  news({ version, members, gone, closed }) {
    const now = gone || closed ? "gone" : JSON.stringify([version, this.counts ? members : null]);
    if (now === this.shown || now === this.told) return;
    this.told = now;
    this.outbox.tell("changed", now);
  }

  end() {
    this.outbox.rest();
    this.following.stop();
  }
}
