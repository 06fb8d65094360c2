// Records of runs, as the server told of them: kept for as long as the browser tab lives, so that going back draws at once.

const FINAL = new Set(["finished", "stopped", "failed", "interrupted", "diverged"]);

export const isFinal = (record) => FINAL.has(record?.run?.status);

// The last records that were asked for; `fresh(id)` makes one that is not known.
export class RecentRecords {
  constructor(kept, fresh) {
    Object.assign(this, { kept, fresh, records: new Map() }); // the map's order is the order of use
  }

  peek(id) {
    return this.records.get(id) ?? null;
  }

  open(id) {
    const record = this.records.get(id) ?? this.fresh(id);
    this.records.delete(id);
    this.records.set(id, record);
    for (const old of this.records.keys()) {
      if (this.records.size <= this.kept) break;
      this.records.delete(old);
    }
    return record;
  }
}
