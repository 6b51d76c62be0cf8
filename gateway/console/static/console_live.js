// A part of the page that the server writes anew: asked for every second, or every so many, while the page is looked at, and put
// in when it changed. What was opened in it stays open.
"use strict";

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
      const opened = [...part.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
      part.innerHTML = await answer.text();
      for (const one of part.querySelectorAll("details > summary")) one.parentElement.open ||= opened.includes(one.textContent);
      if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    } catch { /* the network is away for a moment; the next second asks again */ }
  }, 1000 * (part.dataset.every || 1));
}
