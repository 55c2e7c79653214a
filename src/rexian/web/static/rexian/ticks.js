// SPDX-License-Identifier: Apache-2.0
// Ticks: [data-all] ticks every box of its form on the page, [data-ticked] says how many are ticked; shift ticks from the last one to this.
(function () {
  "use strict";
  var form = document.querySelector("form[data-ticks]"), last = null;
  if (!form) { return; }
  var note = form.querySelector("[data-ticked]"), all = form.querySelector("[data-all]");
  function boxes() { return Array.from(document.querySelectorAll('input[type=checkbox][form="' + form.id + '"]')); }
  function tell() { var n = boxes().filter(function (box) { return box.checked; }).length; note.textContent = n ? note.dataset.ticked.replace("%n", n) : ""; }
  all.addEventListener("change", function () { boxes().forEach(function (box) { box.checked = all.checked; }); tell(); });
  document.addEventListener("click", function (event) {
    var list = boxes(), here = list.indexOf(event.target);
    if (here < 0) { return; }
    if (event.shiftKey && last !== null) { list.slice(Math.min(here, last), Math.max(here, last) + 1).forEach(function (box) { box.checked = event.target.checked; }); }
    last = here; tell();
  });
})();
