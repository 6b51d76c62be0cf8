// A part of the page that the server writes anew: asked for every second while the page is looked at, put in when it changed.
"use strict";

const EVERY_MILLIS = 1000;
for (const part of document.querySelectorAll("[data-live]")) {
  let mark = "";
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(part.dataset.live, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
      if (answer.status === 401) location.reload();
      if (!answer.ok) return;
      mark = answer.headers.get("ETag") || "";
      const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      part.innerHTML = await answer.text();
      if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    } catch { /* the network is away for a moment; the next second asks again */ }
  }, EVERY_MILLIS);
}
