// Messages to the page. Of two that come before the page could read the first, Streamlit keeps the second: so each carries
// all that the page has not confirmed. The page knows messages by their ids and acts on each once.

const AGAIN_MS = 4_000; // a message that old which no page run has confirmed is said again
const LONGEST_MS = 60_000; // between two times; each time the page is run again, so the waits grow

export class Outbox {
  constructor() {
    this.name = Math.random().toString(36).slice(2);
    this.count = 0;
    this.waiting = []; // {id, kind, value, sent}
    this.patience = AGAIN_MS;
  }

  // At every page run: `send` takes the list of messages, `heard` are the ids that the page has confirmed.
  connect(send, heard) {
    this.send = send;
    this.waiting = this.waiting.filter(({ id }) => !heard.includes(id));
    if (!this.waiting.length) this.rest();
    else if (this.waiting.some(({ sent }) => performance.now() - sent > this.patience)) this.again();
  }

  tell(kind, value) {
    this.count += 1;
    this.waiting.push({ id: `${this.name}-${this.count}`, kind, value });
    this.flush();
  }

  flush() {
    for (const message of this.waiting) message.sent = performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), this.patience);
    this.send(this.waiting.map(({ id, kind, value }) => ({ id, kind, value })));
  }

  again() {
    this.patience = Math.min(2 * this.patience, LONGEST_MS);
    this.flush();
  }

  // Nothing is waited for; also when the component goes.
  rest() {
    clearTimeout(this.timer);
    this.patience = AGAIN_MS;
  }
}
