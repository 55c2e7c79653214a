// SPDX-License-Identifier: Apache-2.0
// Answers that did not arrive stay in the page, are said to be unsaved, and are sent again: every ten seconds, and as soon as the network is back.
(function () {
  "use strict";
  var bar = document.querySelector("[data-unsaved]"), again = null;
  if (!bar) { return; }
  function forms() { return Array.from(document.querySelectorAll("form[data-question].unsaved")); }
  function tell() {
    var n = forms().length;
    bar.hidden = !n;
    bar.querySelector("span").textContent = n ? bar.dataset.unsaved.replace("%n", n) : "";
    clearTimeout(again);
    if (n) { again = setTimeout(send, 10000); }
  }
  function send() { forms().forEach(function (form) { form.requestSubmit(); }); tell(); }
  function question(event) { var form = event.detail.elt && event.detail.elt.closest("form[data-question]"); return form; }
  document.addEventListener("input", function (event) { var form = event.target.closest("form[data-question]"); if (form) { form.classList.add("typing"); } });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = question(event), status = event.detail.xhr ? event.detail.xhr.status : 0;
    if (!form) { return; }
    form.classList.remove("typing");
    form.classList.toggle("unsaved", !(status >= 200 && status < 400) && status !== 422);
    tell();
  });
  window.addEventListener("online", send);
  bar.querySelector("button").addEventListener("click", send);
  window.addEventListener("beforeunload", function (event) { if (document.querySelector("form[data-question].unsaved, form[data-question].typing")) { event.preventDefault(); } });
})();
