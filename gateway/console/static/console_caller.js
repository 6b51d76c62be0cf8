// A number key goes to its part of the caller's page, as its link does.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const link = /^[1-9]$/.test(event.key) && document.querySelector(`[data-part="${event.key}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
  document.querySelector(link.hash)?.focus();
});
