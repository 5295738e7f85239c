// What moves on the pages: theme, filters of the matrix, the declaration chosen on the impact page,
// lines of the graph. Without it everything is there and nothing is hidden.
"use strict";

const REMEMBERED = "crosscheck-theme";

function startTheme() {
  const button = document.querySelector("[data-theme-toggle]");
  if (!button) return;
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const tell = () => {
    const other = current() === "dark" ? "light" : "dark";
    button.textContent = other === "dark" ? "Dark" : "Light";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = current() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(REMEMBERED, root.dataset.theme);
    } catch { /* chosen for this page only */ }
    tell();
  });
  dark.addEventListener("change", tell);
  tell();
}

// A form of filters over the rows of a table. The state is in the address, so that it can be sent.
function startFilters() {
  const form = document.querySelector("form[data-filters]");
  if (!form) return;
  const tables = [...document.querySelectorAll("table[data-filtered]")];
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows]).map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    facts: Object.fromEntries(
      Object.entries(row.dataset).map(([key, value]) => [key, new Set(value.split(" "))]),
    ),
    shown: true,
  }));
  const total = rows.length;
  const status = form.querySelector("[data-count]");
  const fields = [...form.elements].filter((field) => field.name);
  const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? field.value : "") : field.value);

  function apply() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = fields
      .filter((field) => field.name !== "q" && valueOf(field))
      .map((field) => [field.name, valueOf(field)]);
    let shown = 0;
    for (const one of rows) {
      const visible = words.every((word) => one.text.includes(word))
        && wanted.every(([key, value]) => one.facts[key] && one.facts[key].has(value));
      if (visible !== one.shown) {
        one.row.hidden = !visible;
        one.shown = visible;
      }
      shown += visible;
    }
    for (const table of tables) {
      const left = [...table.tBodies[0].rows].some((row) => !row.hidden);
      table.nextElementSibling.hidden = left;
    }
    status.textContent = shown === total ? `all ${total} rows` : `${shown} of ${total} rows`;
  }

  function save() {
    const state = new URLSearchParams();
    for (const field of fields) {
      if (valueOf(field)) state.set(field.name, valueOf(field));
    }
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  }

  function load() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of fields) {
      const value = state.get(field.name) || "";
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
    }
    apply();
  }

  form.hidden = false;
  form.addEventListener("input", () => { apply(); save(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); save(); }));
  addEventListener("hashchange", load);
  load();
}

// One declaration at a time; its name is in the address.
function startImpact() {
  const select = document.querySelector("select[data-impact]");
  if (!select) return;
  const sections = [...document.querySelectorAll("section[data-impact-of]")];
  const show = () => {
    for (const one of sections) one.hidden = one.id !== select.value;
  };
  const load = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (sections.some((one) => one.id === name)) select.value = name;
    show();
  };
  select.closest("form").hidden = false;
  select.addEventListener("input", () => {
    history.replaceState(null, "", `#${encodeURIComponent(select.value)}`);
    show();
  });
  addEventListener("hashchange", load);
  load();
}

// Pointing at a node, or reaching it with Tab, keeps its own lines and fades the others.
function startGraph() {
  for (const graph of document.querySelectorAll("svg.graph")) {
    const edges = [...graph.querySelectorAll(".edge")];
    const near = (name) => {
      graph.classList.toggle("pointed", Boolean(name));
      for (const edge of edges) {
        const touches = edge.dataset.from === name || edge.dataset.to === name;
        edge.classList.toggle("near", touches);
      }
    };
    for (const node of graph.querySelectorAll(".node")) {
      for (const event of ["mouseenter", "focus"]) {
        node.addEventListener(event, () => near(node.dataset.name));
      }
      for (const event of ["mouseleave", "blur"]) node.addEventListener(event, () => near(""));
    }
  }
}

function startCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const text = document.getElementById(button.dataset.copies).textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }
}

startTheme();
startFilters();
startImpact();
startGraph();
startCopies();
