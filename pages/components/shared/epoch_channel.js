// One epoch for all components that show the same run: the curve's replay, and what lies under it.

const NAME = "tunescope-epoch";

export class EpochChannel {
  // `heard(run, epoch)` is called when another component has moved; epoch null: no replay goes on.
  constructor(heard) {
    this.epoch = null; // that all are at, as far as this one knows: an echo moves nobody
    this.listener = ({ detail: { from, run, epoch } }) => {
      if (from === this || epoch === this.epoch) return;
      this.epoch = epoch;
      heard(run, epoch);
    };
    window.addEventListener(NAME, this.listener);
  }

  tell(run, epoch) {
    if (epoch === this.epoch) return;
    this.epoch = epoch;
    window[NAME] = { run, epoch };
    window.dispatchEvent(new CustomEvent(NAME, { detail: { from: this, run, epoch } }));
  }

  // The epoch of the run's replay, for what comes later; null where none goes on.
  now(run) {
    return window[NAME]?.run === run ? window[NAME].epoch : null;
  }

  end() {
    window.removeEventListener(NAME, this.listener);
  }
}
