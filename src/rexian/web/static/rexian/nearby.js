// SPDX-License-Identifier: Apache-2.0
// Tells what others reported nearby: form[data-nearby-url] is asked when text, area or point change; [data-nearby] shows the answer.
(function () {
  "use strict";
  var form = document.querySelector("form[data-nearby-url]"), box = document.querySelector("[data-nearby]"), timer = null, asked = 0;
  if (!form || !box || !window.fetch) { return; }
  function ask() {
    var body = new FormData(), mine = ++asked;
    ["text", "area", "longitude", "latitude", "csrfmiddlewaretoken"].forEach(function (name) { body.append(name, form.elements[name].value); });
    fetch(form.dataset.nearbyUrl, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) {
      var area = answer.headers.get("X-Area");
      if (area && !form.elements.area.value) { form.elements.area.value = decodeURIComponent(area); }
      return answer.ok ? answer.text() : "";
    }).then(function (html) { if (mine === asked) { box.innerHTML = html; } }).catch(function () {});
  }
  function later() { clearTimeout(timer); timer = setTimeout(ask, 1200); }
  ["text", "area"].forEach(function (name) { form.elements[name].addEventListener("input", later); });
  form.addEventListener("rexian:point", ask);
})();
