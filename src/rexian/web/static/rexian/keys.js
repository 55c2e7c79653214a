// SPDX-License-Identifier: Apache-2.0
// Keys stand on the elements themselves: data-key="s" or "ctrl+enter". "/" searches, "?" lists this page's keys.
(function () {
  "use strict";
  function typing(target) { return target.closest("input, textarea, select, [contenteditable]"); }
  function act(element) { if (element.matches("input, textarea, select")) { element.focus(); } else if (element.matches("summary")) { element.click(); var field = element.parentElement.querySelector("input:not([type=hidden]), textarea, select"); if (field) { field.focus(); } } else { element.click(); } }
  function list() {
    var dialog = document.getElementById("keys"), rows = [];
    document.querySelectorAll("[data-key]").forEach(function (element) {
      var dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.key }));
      dd.textContent = element.getAttribute("aria-label") || element.dataset.keyLabel || element.textContent.replace(element.dataset.key, "").trim();
      rows.push(dt, dd);
    });
    var dl = document.createElement("dl"); dl.className = "facts"; dl.append.apply(dl, rows);
    dialog.replaceChildren(dl); dialog.showModal();
  }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.metaKey) { return; }
    var key = (event.ctrlKey ? "ctrl+" : "") + event.key.toLowerCase();
    if (!event.ctrlKey && typing(event.target)) { return; }
    if (key === "?") { list(); event.preventDefault(); return; }
    var element = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (element) { event.preventDefault(); act(element); }
  });
})();
