"""What a page must give to who does not see it, or sees it badly: read out of the page itself, in the browser."""

# Text against what lies behind it, by the formula of WCAG 2.
CONTRAST = """
() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    return .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !one.checkVisibility() || one.closest("svg")) continue;
    const [a, b] = [light(parse(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) faint.push(`${one.tagName} ${one.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return faint;
}
"""
# Names, labels, headings, landmarks and tables, as assistive technology needs them; each fault in words.
FAULTS = """
() => {
  const faults = [], all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  const fault = (what, one) => faults.push(`${what}: ${one.outerHTML.slice(0, 90)}`);
  const name = (one) => (one.getAttribute("aria-label") || one.textContent || "").trim()
    || [...one.querySelectorAll("img[alt]")].map((image) => image.alt).join("");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
  if (!document.documentElement.lang || !document.documentElement.dir) faults.push("no language or direction");
  if (!document.title.trim()) faults.push("no title");
  if (all("main").length !== 1) faults.push("not one main");
  if (all("h1").length !== 1) faults.push(`${all("h1").length} headings of the first level`);
  let before = 1;
  for (const one of all("main :is(h1, h2, h3, h4)")) {
    const level = Number(one.tagName[1]);
    if (level > before + 1) fault("heading skips a level", one);
    before = level;
  }
  for (const one of document.querySelectorAll("input:not([type=hidden], .unseen), select, textarea"))
    if (![...one.labels].some((label) => label.textContent.trim()) && !one.getAttribute("aria-label")) fault("no label", one);
  for (const one of all("a[href], button, summary")) if (!name(one)) fault("no name", one);
  for (const one of all("nav, [role=group]")) if (!name(one)) fault("no name", one);
  for (const one of document.querySelectorAll("img")) if (!one.hasAttribute("alt")) fault("no text for a picture", one);
  for (const one of document.querySelectorAll("[aria-describedby], [aria-labelledby]"))
    for (const id of `${one.getAttribute("aria-describedby") || ""} ${one.getAttribute("aria-labelledby") || ""}`.split(/\\s+/))
      if (id && !document.getElementById(id)) fault("points at nothing", one);
  for (const one of all("[tabindex]")) if (one.tabIndex > 0) fault("order of its own", one);
  for (const one of all("th")) if (!one.textContent.trim() && one.closest("thead")?.rows[0].cells.length === 1) fault("empty head", one);
  for (const one of all("li")) if (!one.parentElement.matches("ul, ol, menu")) fault("entry without a list", one);
  for (const one of all("dt, dd")) if (!one.closest("dl")) fault("term without a list", one);
  for (const one of all("[aria-hidden=true]"))
    if ([one, ...one.querySelectorAll("*")].some((each) => each.tabIndex >= 0)) fault("hidden but reachable", one);
  return faults;
}
"""
