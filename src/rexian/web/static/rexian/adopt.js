// SPDX-License-Identifier: Apache-2.0
// Takes proposals into the form: [data-adopt] names the field, data-value what goes in; [data-fill] fills those of its fields that are empty.
document.addEventListener("click", function (event) {
  "use strict";
  function put(field, value) { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); field.dispatchEvent(new Event("change", { bubbles: true })); }
  var filler = event.target.closest("[data-fill]"), button = event.target.closest("[data-adopt]");
  if (filler) {
    Object.entries(JSON.parse(filler.dataset.fill)).forEach(function (pair) { var field = document.getElementById("id_" + pair[0]); if (field && !field.value) { put(field, pair[1]); } });
  }
  if (!button) { return; }
  [["adopt", "value"], ["adoptToo", "valueToo"]].forEach(function (pair) {
    var field = button.dataset[pair[0]] && document.getElementById("id_" + button.dataset[pair[0]]);
    if (field) { put(field, button.dataset[pair[1]]); }
  });
});
