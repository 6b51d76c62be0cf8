/* The simulator's page without reloads. Every form works without this script too. */
"use strict";

(() => {
  const find = (id) => document.getElementById(id);
  const phone = find("phone");
  const keys = find("keys");
  const texting = find("texting");
  const body = find("body");
  const shortcuts = find("shortcuts");
  const POLL_MILLIS = 2500;
  let lastField = keys;
  const busy = new Set();
  let presses = 0;

  document.documentElement.classList.add("script");
  if (window.matchMedia("(max-width: 899px)").matches) find("chooser").open = false;
  find("chooser").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

  const scrollThread = () => { find("thread").scrollTop = find("thread").scrollHeight; };
  scrollThread();

  // Take over what differs from a freshly rendered page, so that a screen reader hears only what changed.
  function takeOver(fresh, only) {
    const focused = document.activeElement?.id;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (!other || (only && !only.includes(part.id)) || other.innerHTML === part.innerHTML) continue;
      part.replaceChildren(...other.childNodes);
      if (part.id === "thread") scrollThread();
    }
    const line = fresh.getElementById("keys");
    if (line) keys.placeholder = line.placeholder;
    if (focused && document.activeElement === document.body) find(focused)?.focus();
  }

  function complain(text) {
    const line = document.createElement("p");
    line.className = "network";
    line.textContent = text;
    find("screen").replaceChildren(line);
  }

  async function load(address, options) {
    const reply = await fetch(address, { cache: "no-store", ...options });
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!fresh.getElementById("screen")) throw new Error(`HTTP ${reply.status}`);
    return [fresh, reply.ok];
  }

  async function post(form, button) {
    if (busy.has(form)) return;
    busy.add(form);
    presses += 1;
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    if (form === phone) {
      find("screen").setAttribute("aria-busy", "true");
      document.body.classList.add("busy");
    }
    const typed = keys.value;
    if (form === phone) keys.value = "";
    try {
      const [fresh, done] = await load(form.action, { method: "POST", body: fields });
      // A text that was sent while a hop is under way must not bring the screen before it back.
      takeOver(fresh, done && form === texting ? ["thread"] : null);
      if (!done && form === phone) keys.value = typed;
      if (done && form === texting) body.value = "";
    } catch {
      complain("The simulator does not answer. Is the gateway still running?");
    } finally {
      busy.delete(form);
      if (form === phone) {
        document.body.classList.remove("busy");
        find("screen").removeAttribute("aria-busy");
      }
    }
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    post(event.target, event.submitter ?? (event.target === phone ? find("send") : null));
  });

  async function poll() {
    if (!busy.size && !document.hidden) {
      const before = presses;
      try {
        const [fresh] = await load(window.location.href);
        const refused = find("screen").querySelector(".network") && !fresh.querySelector("#screen .network");
        if (before === presses) takeOver(fresh, refused ? ["thread", "facts"] : null);
      } catch {
        /* the next press says it */
      }
    }
    window.setTimeout(poll, POLL_MILLIS);
  }
  window.setTimeout(poll, POLL_MILLIS);

  function type(text) {
    const field = lastField;
    const room = field.maxLength - field.value.length;
    field.setRangeText(text.slice(0, room), field.selectionStart, field.selectionEnd, "end");
  }

  for (const field of [keys, body]) field.addEventListener("focus", () => { lastField = field; });

  document.addEventListener("mousedown", (event) => {
    // A key of the phone takes no focus from the line that it types in, so Enter still sends.
    if (event.target.closest("[data-key], [data-type]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-key], [data-type]");
    if (!button) return;
    if (button.dataset.key) lastField = keys;
    type(button.dataset.key ?? button.dataset.type);
  });

  try {
    shortcuts.checked = window.localStorage.getItem("simulator.shortcuts") !== "off";
    shortcuts.addEventListener("change", () => {
      window.localStorage.setItem("simulator.shortcuts", shortcuts.checked ? "on" : "off");
    });
  } catch {
    /* no storage: the choice lasts as long as the page */
  }

  const press = (id) => () => { const button = find(id); if (!button.disabled) button.click(); };
  const focus = (field) => () => field.focus();
  const actions = { d: press("dial"), t: press("twice"), x: press("drop"), o: press("time-out"), a: focus(keys), m: focus(body) };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    if (event.key === "Escape") {
      if (keys.value) keys.value = "";
      else press("drop")();
      return;
    }
    if (target.matches("input, textarea, select") || !shortcuts.checked) return;
    const action = actions[event.key.toLowerCase()];
    if (/^[0-9*#]$/.test(event.key)) {
      lastField = keys;
      type(event.key);
    } else if (event.key === "Backspace") {
      keys.value = keys.value.slice(0, -1);
    } else if (event.key === "Enter" && !target.closest("button, a, summary")) {
      find("send").click();
    } else if (action) {
      action();
    } else {
      return;
    }
    event.preventDefault();
  });
})();
