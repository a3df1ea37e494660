// Entering results where there is no network. What is typed is kept in the browser's storage as it is typed;
// a submitted form waits in a queue there and is sent when the network is back. Each form carries a key made
// by the server: the same key twice is recorded once, so sending again after a lost answer does no harm.
(() => {
  "use strict";
  const status = document.querySelector("[data-queue-status]");
  // Named for the person: on a shared tablet nobody sends, under their own name, what another one measured.
  const person = status.dataset.person;
  const QUEUE = `qh-bench-queue-${person}`, DRAFT = `qh-bench-draft-${person}-`, RETRY_MS = 5000;
  const forms = [...document.querySelectorAll("form[data-queue]")];
  const read = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
  const write = (queue) => localStorage.setItem(QUEUE, JSON.stringify(queue));
  const entries = (form) => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const drop = (key) => write(read().filter((one) => one.key !== key));

  const say = (line, state, text = "") => {
    const place = document.querySelector(`[data-line="${line}"] [data-line-state]`);
    if (place) place.textContent = [place.getAttribute(`data-text-${state}`), text].filter(Boolean).join("：");
  };
  const count = (signIn = false) => {
    const waiting = read().length;
    const text = status.dataset;
    status.textContent = signIn ? text.textSignIn : waiting ? `${text.textWaiting} ${waiting}` : text.textEmpty;
  };

  const lock = (form, locked) => {
    for (const control of form.elements) if (control.type !== "hidden") control.disabled = locked;
  };

  // A draft is one form's fields in their order; the hidden key and everything typed come back after a reload.
  const keep = (form) => {
    const values = [...form.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken");
    localStorage.setItem(DRAFT + form.dataset.queue, JSON.stringify(values.map((one) => [one.name, one.value])));
  };
  const restore = (form) => {
    const kept = JSON.parse(localStorage.getItem(DRAFT + form.dataset.queue) || "null");
    if (!kept) return;
    // Rows that were added are added again before their values come back.
    const first = form.querySelector(".qh-entry [name]").name;
    const rows = kept.filter(([name]) => name === first).length;
    if (rows > window.qhEntry.rowsOf(form).length) window.qhEntry.grow(form, rows - window.qhEntry.rowsOf(form).length);
    const controls = [...form.elements].filter((one) => one.name && one.name !== "csrfmiddlewaretoken");
    if (kept.length !== controls.length || controls.some((one, at) => one.name !== kept[at][0])) return;
    controls.forEach((one, at) => { one.value = kept[at][1]; });
    form.dispatchEvent(new Event("qh:drawn"));
  };

  let sending = false;
  const deliver = async () => {
    if (sending) return;
    sending = true;
    try {
      for (const one of read()) if (!(await send(one))) break;
    } finally {
      sending = false;
    }
  };
  // Returns false when there is no use in going on: no network, or signed out.
  const send = async (one) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    let answer, said;
    try {
      answer = await fetch(one.url, {
        method: "POST", body: new URLSearchParams(one.entries), credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": token },
      });
      said = await answer.json();
    } catch {
      count(Boolean(answer && (answer.redirected || answer.status === 403)));
      return false;
    }
    if (!answer.ok && answer.status !== 422) return false;
    drop(one.key);
    const form = forms.find((each) => each.dataset.queue === one.line);
    if (answer.ok) localStorage.removeItem(DRAFT + one.line);
    else if (form) lock(form, false);
    say(one.line, answer.ok ? "sent" : "refused", said.message);
    count();
    return true;
  };

  for (const form of forms) {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", (event) => {
      if (event.submitter && event.submitter.name === "more") return;
      event.preventDefault();
      keep(form);
      const key = form.elements.entry_key.value;
      write([...read().filter((one) => one.key !== key),
        { key, line: form.dataset.queue, url: form.action, entries: entries(form) }]);
      lock(form, true);
      say(form.dataset.queue, "waiting");
      count();
      deliver();
    });
  }
  for (const one of read()) {
    const form = forms.find((each) => each.dataset.queue === one.line);
    if (form) lock(form, true);
    say(one.line, "waiting");
  }
  count();
  addEventListener("online", deliver);
  setInterval(() => { if (read().length) deliver(); }, RETRY_MS);
  deliver();
})();
