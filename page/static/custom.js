// What the templates of all views share; the page loads it before any of them.

window.chuishao = {
  address(query) {  // the browser's address says what is shown
    window.history.replaceState(window.history.state, "", window.location.pathname + (query ? "?" + query : ""));
  },
  async copy(text, ask) {  // to the clipboard, or where there is none into a box to copy from
    try { await navigator.clipboard.writeText(text); } catch (error) { window.prompt(ask, text); }
  },
  save(name, what) {  // a text or a blob, as a file
    const link = document.createElement("a");
    link.href = URL.createObjectURL(what instanceof Blob ? what : new Blob([what], { type: "text/plain;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  },
  async read(event) {  // the file somebody chose, or null
    const file = event.target.files[0], found = file ? { name: file.name, text: await file.slice(0, 200000).text() } : null;
    event.target.value = "";
    return found;
  },
  put(text, values) { return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole)); },
  found(groups, asked) {  // what of a list of numbers somebody looks for
    const text = asked.trim().toLowerCase(), says = (g, p) => `${p.name} ${p.label} ${p.help} ${g.title}`.toLowerCase();
    return groups.map((g) => ({ ...g, items: g.items.filter((p) => !text || says(g, p).includes(text)) })).filter((g) => g.items.length);
  },
};

// Menus shut when one presses elsewhere or Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.cs-shuts[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest && event.target.closest("details.cs-shuts[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
