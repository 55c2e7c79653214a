// SPDX-License-Identifier: Apache-2.0
// Keys stand on the elements themselves: data-key="s" or "ctrl+enter". "/" searches, "?" lists this page's keys.
// In a list j and k go to the next and the last row, Enter opens it or takes its first button, x ticks it; a row with nothing to open is gone to itself.
(function () {
  "use strict";
  function typing(target) { return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]"); }
  function act(element) { if (element.matches("input, textarea, select")) { element.focus(); } else if (element.matches("summary")) { element.click(); var field = element.parentElement.querySelector("input:not([type=hidden]), textarea, select"); if (field) { field.focus(); } } else { element.click(); } }
  function visible(element) { return element.getClientRects().length > 0; }
  function lines() { return Array.from(document.querySelectorAll("main .item, main tbody tr:not(:has(> td[colspan]:only-child))")).filter(visible); }
  function row(element) { return element && (element.closest("tr, .line-item") || element); }
  function open(line) { var found = line.matches("tr") ? Array.from(line.querySelectorAll("td:not(.tick) :is(a, summary, button)")).find(visible) : line; if (!found) { line.tabIndex = -1; } return found || line; }
  function go(step) { var all = lines(), now = row(document.activeElement.closest("tr, .line-item, .item")), here = all.findIndex(function (one) { return row(one) === now; }), next = all[here < 0 ? 0 : here + step]; if (next) { open(next).focus(); next.scrollIntoView({ block: "nearest" }); } return all.length > 0; }
  function tick() { var line = document.activeElement.closest("tr, .line-item"), box = line && line.querySelector("input[type=checkbox]"); if (box) { box.click(); } return Boolean(box); }
  var moves = { j: function () { return go(1); }, k: function () { return go(-1); }, x: tick };
  function entry(key, label) { var dt = document.createElement("dt"), dd = document.createElement("dd"); dt.append(Object.assign(document.createElement("kbd"), { textContent: key })); dd.textContent = label; return [dt, dd]; }
  function list() {
    var dialog = document.getElementById("keys"), rows = lines().length ? Object.keys(moves).filter(function (key) { return key !== "x" || document.querySelector("main .tick, main .pick"); }).flatMap(function (key) { return entry(key, dialog.dataset[key]); }) : [];
    document.querySelectorAll("[data-key]").forEach(function (element) {
      var label = element.getAttribute("aria-label") || element.dataset.keyLabel || element.textContent.replace(element.dataset.key, "").trim();
      rows = rows.concat(entry(element.dataset.key, label));
    });
    var dl = dialog.querySelector("dl"); dl.replaceChildren.apply(dl, rows.concat(entry("?", dialog.getAttribute("aria-label"))));
    dialog.showModal();
  }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.metaKey) { return; }
    var key = (event.ctrlKey ? "ctrl+" : "") + event.key.toLowerCase();
    if (!event.ctrlKey && typing(event.target)) { return; }
    if (key === "?") { list(); event.preventDefault(); return; }
    if (moves[key] && moves[key]()) { event.preventDefault(); return; }
    var element = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (element) { event.preventDefault(); act(element); }
  });
})();
