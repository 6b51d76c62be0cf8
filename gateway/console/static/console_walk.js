// The keypad writes into the line; without this each key is sent at once.
"use strict";

document.getElementById("keypad")?.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  const line = document.getElementById("typed");
  if (!key || !line) return;
  event.preventDefault();
  line.value += key.dataset.key;
  line.focus();
});
