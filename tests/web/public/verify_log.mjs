// An independent verifier of the public log, written from the specifications alone: C2SP signed-note,
// tlog-checkpoint, tlog-tiles, tlog-proof and RFC 9162. Node's own crypto, no package.
//   node verify_log.mjs FOLDER KEY INDEX          finds the entry and proves it from the published tiles
//   node verify_log.mjs --proof FILE KEY          checks a proof that was handed out
import { createHash, createPublicKey, verify } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (entry) => sha(Buffer.from([0]), entry);
const nodeHash = (left, right) => sha(Buffer.from([1]), left, right);
const fail = (why) => { console.log(JSON.stringify({ ok: false, why })); process.exit(1); };

function openNote(text, vkey) {
  const [name, id, ...rest] = vkey.split("+");
  const raw = Buffer.from(rest.join("+"), "base64");
  if (raw[0] !== 1) fail("not a log's key");
  const expected = sha(Buffer.from(name + "\n"), raw).subarray(0, 4).toString("hex");
  if (expected !== id) fail("the key's id is not its own");
  const at = text.lastIndexOf("\n\n");
  const body = text.slice(0, at + 1);
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw.subarray(1)]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  const signed = text.slice(at + 2).split("\n").some((line) => {
    const [dash, signer, blob] = line.split(" ");
    if (dash !== "—" || signer !== name) return false;
    const bytes = Buffer.from(blob, "base64");
    return bytes.subarray(0, 4).toString("hex") === id && verify(null, Buffer.from(body), key, bytes.subarray(4));
  });
  if (!signed) fail("the log did not sign this");
  const [origin, size, root] = body.split("\n");
  if (origin !== name) fail("another log");
  return { size: Number(size), root: Buffer.from(root, "base64") };
}

function rootFromProof(hash, index, size, proof) {
  let fn = index, sn = size - 1, head = hash;
  for (const sibling of proof) {
    if (sn === 0) fail("the proof is too long");
    if (fn % 2 === 1 || fn === sn) {
      head = nodeHash(sibling, head);
      while (fn % 2 === 0 && fn !== 0) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
    } else head = nodeHash(head, sibling);
    fn = Math.floor(fn / 2); sn = Math.floor(sn / 2);
  }
  if (sn !== 0) fail("the proof is too short");
  return head;
}

const number = (index) => {
  const parts = [String(index % 1000).padStart(3, "0")];
  for (let rest = Math.floor(index / 1000); rest; rest = Math.floor(rest / 1000))
    parts.unshift("x" + String(rest % 1000).padStart(3, "0"));
  return parts.join("/");
};
const read = (folder, level, index, width) => {
  const whole = join(folder, "tile", String(level), number(index));
  const partial = `${whole}.p/${width}`;
  return readFileSync(width < 256 && existsSync(partial) ? partial : whole);
};

function proveFromTiles(folder, index, size) {
  const head = (start, end) => {
    const count = end - start;
    if (Number.isInteger(Math.log2(count))) {
      const level = Math.floor(Math.log2(count) / 8);
      const span = 256 ** level, first = start / span, tile = Math.floor(first / 256);
      const data = read(folder, level, tile, Math.min(256, Math.floor(size / span) - tile * 256));
      let row = [];
      for (let n = 0; n < count / span; n++) {
        const at = ((first % 256) + n) * 32;
        row.push(data.subarray(at, at + 32));
      }
      while (row.length > 1) row = row.flatMap((hash, n) => (n % 2 ? [nodeHash(row[n - 1], hash)] : []));
      return row[0];
    }
    const split = 2 ** Math.floor(Math.log2(count - 1));
    return nodeHash(head(start, start + split), head(start + split, end));
  };
  const proof = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + 2 ** Math.floor(Math.log2(end - start - 1));
    if (index < middle) { proof.unshift(head(middle, end)); end = middle; }
    else { proof.unshift(head(start, middle)); start = middle; }
  }
  const bundle = read(folder, "entries", Math.floor(index / 256), Math.min(256, size - Math.floor(index / 256) * 256));
  let at = 0;
  for (let n = 0; n < index % 256; n++) at += 2 + bundle.readUInt16BE(at);
  return { entry: bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)), proof };
}

const [first, second, third] = process.argv.slice(2);
let index, entry, proof, checkpoint;
if (first === "--proof") {
  const text = readFileSync(second, "utf8");
  const gap = text.indexOf("\n\n");
  const lines = text.slice(0, gap).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") fail("no proof");
  entry = Buffer.from(lines.shift().slice("extra ".length), "base64");
  index = Number(lines.shift().slice("index ".length));
  proof = lines.map((line) => Buffer.from(line, "base64"));
  checkpoint = openNote(text.slice(gap + 2), third);
} else {
  index = Number(third);
  checkpoint = openNote(readFileSync(join(first, "checkpoint"), "utf8"), second);
  ({ entry, proof } = proveFromTiles(first, index, checkpoint.size));
}
if (index >= checkpoint.size) fail("no such entry");
if (!rootFromProof(leafHash(entry), index, checkpoint.size, proof).equals(checkpoint.root)) fail("not in the log");
console.log(JSON.stringify({ ok: true, index, size: checkpoint.size, entry: entry.toString("utf8") }));
