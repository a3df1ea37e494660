// A second implementation of draws, written from docs/how-to/check-a-draw.md alone: JSON cases in, results out.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const sha = (data) => createHash("sha256").update(data).digest("hex");
const inByteOrder = (one, other) => Buffer.compare(Buffer.from(one, "utf8"), Buffer.from(other, "utf8"));

function cells(line) {
  const found = [];
  let at = 0;
  while (at <= line.length) {
    let value = "";
    if (line[at] === '"') {
      at += 1;
      while (line[at] !== '"' || line[at + 1] === '"') {
        if (line[at] === '"') at += 1;
        value += line[at];
        at += 1;
      }
      at += 1;
    } else {
      while (at < line.length && line[at] !== ",") {
        value += line[at];
        at += 1;
      }
    }
    found.push(value);
    at += 1;
  }
  return found;
}

function table(text) {
  const [heading, ...lines] = text.split("\n").slice(0, -1).map(cells);
  return lines.map((values) => Object.fromEntries(heading.map((name, number) => [name, values[number]])));
}

function canonical(heading, rows) {
  const quoted = (value) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const at = heading.indexOf("id");
  const sorted = [...rows].sort((one, other) => inByteOrder(one[at], other[at]));
  return [heading, ...sorted].map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

function countIn(rows, stratum, onlyEligible) {
  return rows.filter((row) => row.stratum === stratum && !(onlyEligible && row.excluded)).length;
}

/** At least a fifth of each stratum, the rest of the total by largest remainder of the room that is left. */
function quotasOf(rows, total) {
  const strata = [...new Set(rows.map((row) => row.stratum))].sort(inByteOrder);
  const least = new Map(strata.map((name) => [name, Math.max(1, Math.ceil(countIn(rows, name, false) / 5))]));
  const rest = total === null ? 0 : total - [...least.values()].reduce((sum, quota) => sum + quota, 0);
  const room = new Map(strata.map((name) => [name, countIn(rows, name, true) - least.get(name)]));
  const rooms = [...room.values()].reduce((sum, value) => sum + value, 0);
  if (rest === 0 || rooms === 0) return [...least];
  const extra = new Map(strata.map((name) => [name, Math.floor((rest * room.get(name)) / rooms)]));
  const over = rest - [...extra.values()].reduce((sum, value) => sum + value, 0);
  const remainder = (name) => (rest * room.get(name)) % rooms;
  const order = [...strata].sort(
    (one, other) => remainder(other) - remainder(one) || room.get(other) - room.get(one) || inByteOrder(one, other),
  );
  for (const name of order.slice(0, over)) extra.set(name, extra.get(name) + 1);
  return strata.map((name) => [name, least.get(name) + extra.get(name)]);
}

function strataOf(rows, quotas, seed, drawId, selection, gone) {
  return quotas.map(([stratum, quota]) => {
    const members = new Map();
    for (const row of rows) {
      if (row.stratum !== stratum || row.excluded) continue;
      const key = selection === "unit" ? row.id : row.cluster;
      members.set(key, [...(members.get(key) ?? []), row.id]);
    }
    const order = [...members.keys()].map((key) => [sha(`${seed},${drawId},${key}`), key]).sort();
    const drawn = [];
    let units = 0;
    for (const [ticket, key] of order) {
      if (units >= quota || gone.includes(key)) continue;
      drawn.push(selection === "unit" ? { key, ticket } : { key, ticket, units: members.get(key) });
      units += members.get(key).length;
    }
    const size = countIn(rows, stratum, false);
    return { stratum, size, eligible: countIn(rows, stratum, true), quota, drawn };
  });
}

function matched(rows, strata, people, seed, drawId, perTask) {
  const chosen = new Set(strata.flatMap((one) => one.drawn.flatMap((pick) => pick.units ?? [pick.key])));
  const visits = new Map();
  for (const row of rows.filter((one) => chosen.has(one.id))) {
    const task = row.cluster || row.id;
    const marks = visits.get(task)?.marks ?? new Set([task, row.stratum]);
    visits.set(task, { stratum: row.stratum, marks: marks.add(row.id) });
  }
  const several = (cell) => cell.split(";").map((one) => one.trim()).filter(Boolean);
  const able = (task) =>
    people
      .filter((one) => !one.excluded)
      .filter((one) => !several(one.strata).length || several(one.strata).includes(visits.get(task).stratum))
      .filter((one) => !several(one.conflicts).some((mark) => visits.get(task).marks.has(mark)))
      .map((one) => one.id);
  const loads = new Map(people.map((one) => [one.id, 0]));
  const ranked = [...visits.keys()].map((task) => ({ task, able: able(task), ticket: sha(`${seed},${drawId},${task}`) }));
  ranked.sort((one, other) => one.able.length - other.able.length || inByteOrder(one.ticket, other.ticket));
  const tasks = [];
  const unassigned = [];
  for (const one of ranked) {
    if (one.able.length < perTask) {
      unassigned.push({ task: one.task, candidates: one.able.length });
      continue;
    }
    const rank = (name) => sha(`${seed},${drawId},${one.task},${name}`);
    const sorted = [...one.able].sort(
      (a, b) => loads.get(a) - loads.get(b) || inByteOrder(rank(a), rank(b)),
    );
    const inspectors = sorted.slice(0, perTask);
    for (const name of inspectors) loads.set(name, loads.get(name) + 1);
    tasks.push({ task: one.task, inspectors });
  }
  const byTask = (one, other) => inByteOrder(one.task, other.task);
  return { tasks: tasks.sort(byTask), unassigned: unassigned.sort(byTask) };
}

function solve(one) {
  const text = canonical(one.columns, one.rows);
  const rows = table(text);
  const seed = sha(Buffer.concat(one.nonces.map((nonce) => Buffer.from(nonce, "hex"))));
  const quotas = quotasOf(rows, one.total);
  const strata = strataOf(rows, quotas, seed, one.draw_id, one.selection, one.gone);
  const people = table(one.inspectors);
  return { frame: sha(text), quotas, seed, strata, ...matched(rows, strata, people, seed, one.draw_id, 2) };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(solve)));
