// The player: one screen at a time, at the pace it happened. Without it all screens stand below each other.
"use strict";

(() => {
  const root = document.getElementById("replay");
  const transport = document.getElementById("transport");
  const scrub = document.getElementById("scrub");
  const pace = document.getElementById("pace");
  const place = document.getElementById("place");
  const playButton = transport.querySelector('[data-do="play"]');
  const rightToLeft = document.documentElement.dir === "rtl";
  const EVERY_MILLIS = 1000;
  const PRESS_MILLIS = 700; // how long before the next screen the key shows as pressed
  const DEFAULT_SECONDS = 2; // where the record does not say how long she took
  let now = 1;
  let timers = [];
  let playing = false;

  const steps = () => root.querySelectorAll("article.step");
  const last = () => steps().length;

  function show(number, { address = true } = {}) {
    now = Math.min(Math.max(number, 1), last());
    for (const step of steps()) step.classList.toggle("current", Number(step.dataset.step) === now);
    for (const link of root.querySelectorAll(".film a")) {
      const here = Number(link.dataset.step) === now;
      if (here) {
        link.setAttribute("aria-current", "step");
        link.scrollIntoView({ block: "nearest" });
      } else link.removeAttribute("aria-current");
    }
    scrub.max = last();
    scrub.value = now;
    scrub.setAttribute("aria-valuetext", `${now} / ${last()}`);
    place.textContent = `${now} / ${last()}`;
    for (const tab of document.querySelectorAll(".tabs a")) tab.hash = `step-${now}`; // then and now, of the same screen
    if (address) history.replaceState(null, "", `#step-${now}`);
  }

  function clear() {
    timers.forEach(clearTimeout);
    timers = [];
    for (const step of steps()) step.classList.remove("pressing");
  }

  function stop() {
    clear();
    playing = false;
    playButton.textContent = playButton.dataset.play;
  }

  function wait() {
    clear();
    if (now >= last()) {
      if (!growing()) stop(); // of one under way the next screen comes by itself
      return;
    }
    const step = root.querySelector("article.step.current");
    const millis = (Number(step.dataset.after || DEFAULT_SECONDS) * 1000) / Number(pace.value);
    timers.push(setTimeout(() => step.classList.add("pressing"), Math.max(0, millis - PRESS_MILLIS)));
    timers.push(setTimeout(() => { show(now + 1); wait(); }, millis));
  }

  function play() {
    if (now >= last()) show(1);
    playing = true;
    playButton.textContent = playButton.dataset.stop;
    wait();
  }

  function go(number) {
    show(number);
    if (playing) wait();
    else clear();
  }

  // The player stands within what is written anew, and is no part of it.
  const seat = () => root.querySelector(".reel").before(transport);
  const growing = () => root.querySelector(".summary").dataset.ending === "live";
  const acts = {
    first: () => go(1), back: () => go(now - 1), on: () => go(now + 1), last: () => go(last()),
    play: () => (playing ? stop() : play()),
  };

  transport.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) acts[button.dataset.do]();
  });
  scrub.addEventListener("input", () => go(Number(scrub.value)));
  pace.addEventListener("change", () => { if (playing) wait(); });
  root.addEventListener("click", (event) => {
    const link = event.target.closest(".film a");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.step));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select")) return;
    const onward = rightToLeft ? "ArrowLeft" : "ArrowRight";
    const backward = rightToLeft ? "ArrowRight" : "ArrowLeft";
    if (event.key === " ") {
      if (event.target.closest("button, a")) return;
      acts.play();
    } else if (event.key === onward) acts.on();
    else if (event.key === backward) acts.back();
    else if (event.key === "Home") acts.first();
    else if (event.key === "End") acts.last();
    else if (/^[1-9]$/.test(event.key)) go(Number(event.key));
    else return;
    event.preventDefault();
  });

  // A session under way grows while it is watched; who looks at its last screen goes on to the next.
  let mark = "";
  async function look() {
    if (document.hidden || !growing()) return;
    try {
      const headers = { "X-Watch": root.dataset.watch };
      if (mark) headers["If-None-Match"] = mark;
      const answer = await fetch(root.dataset.live, { headers, cache: "no-store" });
      if (answer.status === 401) location.reload();
      if (!answer.ok) return;
      mark = answer.headers.get("ETag") || "";
      const atLast = now === last();
      root.innerHTML = await answer.text();
      seat();
      show(atLast && !playing ? last() : now, { address: false });
      if (playing) wait();
    } catch { /* the network is away for a moment; the next second asks again */ }
  }
  setInterval(look, EVERY_MILLIS);

  root.classList.add("playing");
  transport.hidden = false;
  seat();
  const asked = /^#step-(\d+)$/.exec(location.hash);
  show(asked ? Number(asked[1]) : growing() ? last() : 1, { address: false });
  if (asked) scrollTo(0, 0); // the screen asked for is the only one, and the player stands above it
})();
