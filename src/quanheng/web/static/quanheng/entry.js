// The entry table: rows grow without a reload, columns are pasted from a spreadsheet into the cells, and the
// maximum permissible error stands beside each point while somebody types. The limits come with the page, so
// that they show without a network too; the verdict is the server's. Without this script the same buttons post.
(() => {
  "use strict";
  const WORDS = { 汽油: "petrol", 柴油: "diesel" };
  const rowsOf = (form) => [...form.querySelectorAll(".qh-entry tbody tr")];
  const cellsOf = (row) => [...row.querySelectorAll("input, select")];
  const tell = (control) => control.dispatchEvent(new Event("input", { bubbles: true }));

  const grow = (form, count) => {
    const last = rowsOf(form).at(-1);
    for (let added = 0; added < count; added += 1) {
      const row = last.cloneNode(true), number = rowsOf(form).length + 1;
      for (const cell of cellsOf(row)) {
        if (cell.tagName === "INPUT") { cell.value = ""; cell.removeAttribute("value"); }
        cell.setAttribute("aria-label", `${cell.dataset.label} ${number}`);
      }
      last.parentElement.append(row);
      row.querySelector("[data-limit]").textContent = "";
    }
  };

  const put = (cell, text) => {
    if (cell.tagName === "INPUT") { cell.value = text; return; }
    const plain = (words) => words.split(/[（(]/)[0].trim();
    const wanted = [...cell.options].find((one) => one.value === (WORDS[text] || text) || plain(one.text) === plain(text));
    if (wanted) cell.value = wanted.value;
  };

  // A block of cells goes in from the cell where it was pasted, down and to the right; rows are added as needed.
  const paste = (form, cell, block) => {
    const from = rowsOf(form).findIndex((row) => row.contains(cell));
    const left = cellsOf(rowsOf(form)[from]).indexOf(cell);
    grow(form, Math.max(0, from + block.length - rowsOf(form).length));
    const rows = rowsOf(form);
    block.forEach((line, down) => {
      const cells = cellsOf(rows[from + down]);
      line.forEach((text, right) => { if (cells[left + right]) put(cells[left + right], text.trim()); });
      show(form, rows[from + down]);
    });
    tell(cell);
  };

  const number = (text) => (text && Number.isFinite(Number(text)) ? Number(text) : null);
  const short = (value) => String(Number(value.toPrecision(10)));
  const words = (band, nominal) => {
    const byValue = band.of_value && nominal === null;
    const factor = band.of_value && nominal !== null ? Math.abs(nominal) / 100 : 1;
    const [low, high] = [band.lower, band.upper].map((one) => (one === null ? null : Number(one) * factor));
    const unit = byValue ? "%" : band.unit;
    if (high === null) return `≥ ${short(low)} ${unit}`;
    if (low === null || low === 0) return `≤ ${short(high)} ${unit}`;
    return `${low === -high ? `±${short(high)}` : `${short(low)}～${short(high)}`} ${unit}`;
  };

  function show(form, row) {
    const limits = JSON.parse(form.dataset.limits);
    const kind = form.elements.kind ? form.elements.kind.value : "";
    const value = (name) => (row.querySelector(`[name=${name}]`) || { value: "" }).value.trim();
    const flow = row.querySelector("[name=flow]");
    const test = flow ? (flow.value.trim() === "最小被测量" ? "minimum" : "flow") : value("test");
    const nominal = number(value("load_g") || value("reference"));
    const bands = (limits[kind] || limits[""])[test] || [];
    const band = bands.find((one) => one.up_to === null || (nominal !== null && Math.abs(nominal) <= Number(one.up_to)));
    row.querySelector("[data-limit]").textContent = band ? words(band, nominal).trim() : "";
  }

  for (const form of document.querySelectorAll("form[data-entry]")) {
    form.addEventListener("click", (event) => {
      const more = event.target.closest("[data-more]");
      if (!more) return;
      event.preventDefault();
      const before = rowsOf(form).length;
      grow(form, Number(more.dataset.more));
      tell(more);
      cellsOf(rowsOf(form)[before])[0].focus();
    });
    form.addEventListener("paste", (event) => {
      const cell = event.target.closest(".qh-entry input");
      const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "");
      if (!cell || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      paste(form, cell, text.split("\n").map((line) => line.split("\t")));
    });
    form.addEventListener("input", (event) => {
      const row = event.target.closest(".qh-entry tbody tr");
      if (row) show(form, row);
      else if (event.target === form.elements.kind) rowsOf(form).forEach((one) => show(form, one));
    });
    form.addEventListener("qh:drawn", () => rowsOf(form).forEach((row) => show(form, row)));
  }
  window.qhEntry = { grow, rowsOf };
})();
