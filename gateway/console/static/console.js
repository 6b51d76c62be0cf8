// The console's keys. Every page works without this: `/` to the find box, `g` and a letter to a section, a letter that
// something on the page names (`data-key`) clicks it, or leads to the first field in it, `?` shows the keys.
"use strict";

const TYPING = "input, textarea, select, [contenteditable]";
const GO_MILLIS = 1200;
let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    // She is there already: the key that leads to the box is no part of what she looks for.
    const empty = event.target.id === "find" && !event.target.value;
    if (event.key === "/" && empty) event.preventDefault();
    if (event.key !== "?" || !empty) return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (going) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    clearTimeout(going);
    going = 0;
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  if (event.key === "/") {
    const box = document.getElementById("find");
    if (!box) return;
    event.preventDefault();
    box.focus();
  } else if (event.key === "g") {
    going = setTimeout(() => { going = 0; }, GO_MILLIS);
  } else if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys")?.showModal();
  } else if (/^[a-z]$/.test(event.key)) {
    const act = document.querySelector(`[data-key="${event.key}"]`);
    if (!act) return;
    event.preventDefault();
    if (act.matches("a, button")) act.click();
    else act.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
});

// What cannot be undone asks once more; without script the server's own page asks.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});
