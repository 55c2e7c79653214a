// SPDX-License-Identifier: Apache-2.0
// Keeps a form as it is typed: form[data-draft-url] is posted a second after the last key; [data-draft-note] says so.
(function () {
  "use strict";
  document.querySelectorAll("form[data-draft-url]").forEach(function (form) {
    var note = form.querySelector("[data-draft-note]"), timer = null;
    function body() { var data = new FormData(form); Array.from(data.keys()).forEach(function (name) { if (data.get(name) instanceof File) { data.delete(name); } }); return data; }
    function save() {
      fetch(form.dataset.draftUrl, { method: "POST", body: body(), credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        var now = new Date().toTimeString().slice(0, 8);
        if (note) { note.textContent = note.dataset.saved + " " + now; }
      }).catch(function () { if (note) { note.textContent = note.dataset.failed; } });
    }
    form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(save, 1000); });
    window.addEventListener("pagehide", function () { if (timer) { navigator.sendBeacon(form.dataset.draftUrl, body()); } });
    form.addEventListener("submit", function () { clearTimeout(timer); timer = null; });
  });
})();
