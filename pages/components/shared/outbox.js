// Messages to the page. Of two that come before the page could read the first, Streamlit keeps the second: so each carries
// all that the page has not confirmed. The page knows messages by their ids and acts on each once.

const AGAIN_MS = 2_000; // a message that old which a page run does not confirm was lost with its connection

export class Outbox {
  constructor() {
    this.name = Math.random().toString(36).slice(2);
    this.count = 0;
    this.waiting = []; // {id, kind, value, sent}
  }

  // At every page run: `send` takes the list of messages, `heard` are the ids that the page has confirmed.
  connect(send, heard) {
    this.send = send;
    this.waiting = this.waiting.filter(({ id }) => !heard.includes(id));
    if (this.waiting.some(({ sent }) => performance.now() - sent > AGAIN_MS)) this.flush();
  }

  tell(kind, value) {
    this.count += 1;
    this.waiting.push({ id: `${this.name}-${this.count}`, kind, value });
    this.flush();
  }

  flush() {
    for (const message of this.waiting) message.sent = performance.now();
    this.send(this.waiting.map(({ id, kind, value }) => ({ id, kind, value })));
  }
}
