// What the pages do with a script, all of it on top of plain HTML that works without: menus that close,
// the fault summary that takes the focus, selecting a page of rows, ordering columns, dropping a file,
// remote pickers, charts. No inline script or style anywhere: the content security policy forbids both.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Menus (<details class="qh-menu">): Escape and a click elsewhere close them; one is open at a time.
  const close = (menu, focus) => {
    menu.open = false;
    if (focus) one("summary", menu).focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of all("details.qh-menu[open]")) if (!menu.contains(event.target)) close(menu, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.qh-menu[open]")) close(menu, menu.contains(document.activeElement));
  });

  // The navigation scrolls by itself: where one is, is on the screen.
  for (const nav of all("nav.qh-nav")) {
    const here = one("a[aria-current]", nav);
    if (here && nav.scrollHeight > nav.clientHeight) {
      nav.scrollTop = Math.max(0, here.offsetTop - nav.clientHeight / 2);
    }
  }

  // Filters of a list: folded on a phone while none is in use, always open on a desk.
  const phone = matchMedia("(max-width: 40rem)");
  const fold = () => {
    for (const part of all("details.qh-fold")) part.open = !phone.matches || "inUse" in part.dataset;
  };
  phone.addEventListener("change", fold);
  fold();

  // Where one stands, filled in by the device when one asks for it; typed by hand otherwise.
  for (const field of all("input[data-locate]")) {
    if (!navigator.geolocation) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = field.dataset.locate;
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
      field.value = coords.longitude.toFixed(6);
      const other = one("input[name=latitude]", field.form);
      if (other) other.value = coords.latitude.toFixed(6);
    }, () => { button.disabled = true; }, { enableHighAccuracy: true, timeout: 15000 }));
    field.after(button);
  }

  // A refused form: go to what is wrong.
  one("#form-faults")?.focus();

  // Rows: the box in the head takes the page; how many are taken is said and shown.
  const countRows = (table) => {
    const boxes = all("tbody .qh-pick input", table);
    const taken = boxes.filter((box) => box.checked).length;
    const head = one("thead .qh-pick input", table);
    if (head) {
      head.checked = taken > 0 && taken === boxes.length;
      head.indeterminate = taken > 0 && taken < boxes.length;
    }
    const said = one("[data-taken]", table.closest("form"));
    if (said) said.textContent = said.dataset.taken.replace("0", String(taken));
  };
  document.addEventListener("change", (event) => {
    const table = event.target.closest?.(".qh-pick") && event.target.closest("table");
    if (!table) return;
    if (event.target.closest("thead")) {
      for (const box of all("tbody .qh-pick input", table)) box.checked = event.target.checked;
    }
    const onlyTaken = one("input[name=reach][value=taken]", table.closest("form"));
    if (onlyTaken) onlyTaken.checked = true;
    countRows(table);
  });

  // Columns: up and down without a round trip (the buttons submit when there is no script).
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    if (button.dataset.move === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    button.focus();
  });

  // Files: drop one on its frame.
  for (const frame of all(".qh-drop")) {
    const input = one("input[type=file]", frame);
    const over = (is) => (event) => {
      event.preventDefault();
      frame.classList.toggle("is-over", is);
    };
    frame.addEventListener("dragover", over(true));
    frame.addEventListener("dragleave", over(false));
    frame.addEventListener("drop", (event) => {
      over(false)(event);
      input.files = event.dataTransfer.files;
    });
  }

  // Remote pickers: a text box that asks the server, a hidden field that keeps the choice (ARIA combobox).
  const startPicker = (picker) => {
    const text = one("input[type=text]", picker);
    const kept = one("input[type=hidden]", picker);
    const list = one("[role=listbox]", picker);
    let timer = 0;
    let asked = 0;
    const options = () => all("[role=option]", list);
    const open = (is) => {
      list.hidden = !is;
      text.setAttribute("aria-expanded", String(is));
      if (!is) text.removeAttribute("aria-activedescendant");
    };
    const mark = (option) => {
      for (const each of options()) each.setAttribute("aria-selected", String(each === option));
      if (!option) return;
      text.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const take = (option) => {
      kept.value = option.dataset.value;
      text.value = option.dataset.text;
      open(false);
      kept.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const ask = async () => {
      const mine = ++asked;
      const url = `${picker.dataset.picker}?q=${encodeURIComponent(text.value)}`;
      const answer = await fetch(url, { headers: { "HX-Request": "true" } });
      if (!answer.ok || mine !== asked) return;
      const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...fragment.body.children);
      options().forEach((option, place) => { option.id = `${list.id}-${place}`; });
      open(true);
    };
    text.addEventListener("input", () => {
      kept.value = "";
      clearTimeout(timer);
      timer = setTimeout(ask, 180);
    });
    text.addEventListener("keydown", (event) => {
      const rows = options();
      const place = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) ask();
        else mark(rows.at((place + (event.key === "ArrowDown" ? 1 : place < 0 ? 0 : -1)) % rows.length));
      } else if (event.key === "Enter" && !list.hidden && place >= 0) {
        event.preventDefault();
        take(rows[place]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.stopPropagation();
        open(false);
      }
    });
    text.addEventListener("blur", () => setTimeout(() => open(false), 150));
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) take(option);
    });
  };
  all("[data-picker]").forEach(startPicker);

  // The search of the header: "/" goes there, suggestions while one types (ARIA combobox); Enter without one searches.
  const find = one("[data-find]");
  if (find) {
    const text = one("input", find);
    const list = one("[role=listbox]", find);
    let timer = 0;
    let asked = 0;
    const options = () => all("[role=option][data-url]", list);
    const chosen = () => options().find((row) => row.getAttribute("aria-selected") === "true");
    const open = (is) => {
      list.hidden = !is;
      text.setAttribute("aria-expanded", String(is));
      if (!is) text.removeAttribute("aria-activedescendant");
    };
    const mark = (option) => {
      for (const each of options()) each.setAttribute("aria-selected", String(each === option));
      text.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    };
    const ask = async () => {
      const mine = ++asked;
      const words = text.value.trim();
      if (!words) return open(false);
      const answer = await fetch(`${find.dataset.find}?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } })
        .catch(() => null);
      if (!answer?.ok || answer.redirected || mine !== asked) return;
      const fragment = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...fragment.body.children);
      options().forEach((option, place) => { option.id = `find-${place}`; });
      open(list.children.length > 0);
    };
    text.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 250);
    });
    text.addEventListener("keydown", (event) => {
      const rows = options();
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && rows.length) {
        event.preventDefault();
        const place = rows.indexOf(chosen());
        open(true);
        mark(rows.at((place + (event.key === "ArrowDown" ? 1 : place < 0 ? 0 : -1)) % rows.length));
      } else if (event.key === "Enter" && !list.hidden && chosen()) {
        event.preventDefault();
        location.assign(chosen().dataset.url);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        open(false);
      }
    });
    text.addEventListener("blur", () => setTimeout(() => open(false), 150));
    list.addEventListener("mousedown", (event) => {
      const option = event.target.closest("[role=option][data-url]");
      event.preventDefault();
      if (option) location.assign(option.dataset.url);
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      text.focus();
      text.select();
    });
  }

  // A sheet is printed as it lies there; without a script the browser's own menu prints it.
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // Charts: the library is fetched only by a page that has a chart near the reader's eye.
  const cssColour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const palette = () => ["--qh-accent", "--qh-ok", "--qh-due", "--qh-bad", "--qh-quiet"].map(cssColour);
  let library;
  const loadLibrary = (url) => (library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => done(window.echarts);
    script.onerror = failed;
    document.head.append(script);
  }));
  // The library's own greys are for white paper: axes, grid, legend and tooltip take the page's colours, light and dark.
  const inOurColours = (option) => {
    const [ink, quiet, line, edge, sheet] = ["--qh-ink", "--qh-quiet", "--qh-line", "--qh-edge", "--qh-sheet"].map(cssColour);
    const axis = (one) => one && (Array.isArray(one) ? one.map(axis) : {
      ...one,
      nameTextStyle: { color: quiet, ...one.nameTextStyle },
      axisLabel: { color: quiet, ...one.axisLabel },
      axisLine: { lineStyle: { color: edge }, ...one.axisLine },
      axisTick: { lineStyle: { color: edge }, ...one.axisTick },
      splitLine: { lineStyle: { color: line }, ...one.splitLine },
    });
    const coloured = {
      color: palette(),
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
      animation: false,
      ...option,
      tooltip: {
        confine: true, renderMode: "richText", backgroundColor: sheet, borderColor: edge, textStyle: { color: ink }, ...option.tooltip,
      },
    };
    if (option.legend) coloured.legend = { ...option.legend, textStyle: { color: ink, ...option.legend.textStyle } };
    if (option.xAxis) coloured.xAxis = axis(option.xAxis);
    if (option.yAxis) coloured.yAxis = axis(option.yAxis);
    return coloured;
  };
  const drawChart = async (frame) => {
    try {
      const [echarts, answer] = await Promise.all([loadLibrary(frame.dataset.chartLibrary), fetch(frame.dataset.chart)]);
      if (!answer.ok) throw new Error(String(answer.status));
      const option = await answer.json();
      frame.replaceChildren();
      const chart = echarts.init(frame);
      const draw = () => chart.setOption(inOurColours(option));
      draw();
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
      new ResizeObserver(() => chart.resize()).observe(frame);
    } catch {
      one("p", frame)?.replaceChildren(frame.dataset.failed);
    }
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      drawChart(entry.target);
    }
  }, { rootMargin: "200px" });
  all("[data-chart]").forEach((frame) => seen.observe(frame));
})();
