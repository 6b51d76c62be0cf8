// Queues by keyboard: `j` and `k` walk the rows, Enter opens one, `x` ticks it. Everything is a link or a field without this.
"use strict";

const rows = [...document.querySelectorAll("tr[data-row]")];
const all = document.getElementById("all");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  const at = rows.indexOf(document.activeElement?.closest("tr[data-row]"));
  if (rows.length && (event.key === "j" || event.key === "k")) {
    const next = event.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
    rows[next].focus();
    event.preventDefault();
  } else if (event.key === "Enter" && document.activeElement === rows[at]) {
    rows[at].querySelector("a")?.click();
  } else if (event.key === "x" && at >= 0) {
    rows[at].querySelector("input[name=case]")?.click();
  }
});

all?.addEventListener("change", () => {
  for (const box of document.querySelectorAll("input[name=case]")) box.checked = all.checked;
});

// Back from a case, she goes on at its row.
rows.find((row) => `#${row.id}` === location.hash)?.focus();
