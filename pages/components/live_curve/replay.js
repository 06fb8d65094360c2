// The replay of a training: at which epoch it is, and how it moves on.

const REPLAY_SECONDS = 5;
const STEP_SECONDS = 0.8; // of one still picture

export class Replay {
  constructor() {
    this.stop();
  }

  // `upto` is the epoch, null for the whole curve.
  stop() {
    Object.assign(this, { upto: null, playing: false });
  }

  get going() {
    return this.upto !== null;
  }

  scrub(epoch, length) {
    Object.assign(this, { upto: epoch >= length ? null : epoch, playing: false });
  }

  // Plays on from where it is, or pauses. With `still`, ten pictures instead of a film.
  toggle(length, still, now) {
    if (this.playing) return (this.playing = false);
    const from = this.upto ?? 1;
    return Object.assign(this, { upto: from, playing: true, from, start: now, step: still ? Math.ceil(length / 10) : 0 });
  }

  // Moves a playing replay to where it should be `now` (milliseconds); returns whether it goes on.
  advance(length, now) {
    if (!this.playing) return false;
    const gone = (now - this.start) / 1000;
    const moved = this.step ? this.step * Math.floor(gone / STEP_SECONDS) : Math.floor((gone / REPLAY_SECONDS) * length);
    if (this.from + moved >= length) this.stop();
    else this.upto = this.from + moved;
    return this.playing;
  }
}
