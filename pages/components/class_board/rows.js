// What a class has tried: one row for each setting of a student, and what follows from all of them. No DOM here.

// Rows {run_id, setting, nickname, number, score, at, status, deleted} by what they are of; a row that comes again replaces the first.
export function mergeRows(known, news) {
  for (const row of news) known.set(keyOf(row), row);
  return known;
}

export const keyOf = ({ run_id, setting }) => `${run_id} ${setting}`;

// Rows that have begun: only these have a number. Those that have ended have a dot.
export const tried = (rows) => [...rows].filter(({ number }) => number > 0);

export const hasEnded = ({ status }) => status !== "queued" && status !== "running";

const finite = (score) => Number.isFinite(score ?? NaN);

// Whether a score is better than another one, which may be null.
export const isBetter = (score, than, greater) => finite(score) && (!finite(than) || (greater ? score > than : score < than));

// Students from the best to the worst: {name, rows in the order of trying, best, last, place: of their first row in time}.
export function studentsOf(rows, greater) {
  const students = new Map();
  for (const row of [...rows].sort((a, b) => a.at - b.at)) {
    if (!students.has(row.nickname)) students.set(row.nickname, { name: row.nickname, rows: [], best: null, place: students.size });
    const student = students.get(row.nickname);
    student.rows.push(row);
    if (!row.deleted && isBetter(row.score, student.best?.score, greater)) student.best = row;
  }
  for (const student of students.values()) {
    student.rows.sort((a, b) => a.number - b.number);
    student.last = student.rows.at(-1);
  }
  return [...students.values()].sort(byBest(greater));
}

const byBest = (greater) => (a, b) => {
  if (!a.best || !b.best) return (a.best ? 0 : 1) - (b.best ? 0 : 1) || a.place - b.place;
  return (greater ? -1 : 1) * (a.best.score - b.best.score) || a.place - b.place;
};

// [number of settings, the best score that anybody has after so many]: a step line, whose fall is what trying alone brings.
export function bestLine(rows, greater) {
  const line = [];
  for (const row of [...rows].filter(({ score }) => finite(score)).sort((a, b) => a.number - b.number)) {
    const before = line.at(-1);
    if (!isBetter(row.score, before?.[1], greater)) continue;
    if (before?.[0] === row.number) before[1] = row.score;
    else line.push([row.number, row.score]);
  }
  return line;
}

// The dot that a key leads to: left and right along a student's own, up and down to a better or a worse student.
export function stepped(key, students, at) {
  const there = students.findIndex(({ name }) => name === at?.nickname);
  if (!students.length || !(key in STEPS)) return null;
  if (there < 0) return students[0].best ?? students[0].last;
  const [along, down] = STEPS[key];
  const rows = students[there].rows.filter(hasEnded);
  if (down) {
    const next = students[Math.min(Math.max(there + down, 0), students.length - 1)];
    return next.name === at.nickname ? at : (next.best ?? next.last);
  }
  const place = rows.findIndex((row) => keyOf(row) === keyOf(at));
  return rows[Math.min(Math.max(place + along, 0), rows.length - 1)];
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], Home: [-Infinity, 0], End: [Infinity, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
