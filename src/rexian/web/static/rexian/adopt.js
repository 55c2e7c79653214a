// SPDX-License-Identifier: Apache-2.0
// Takes a proposal into the form: [data-adopt] names the field, data-value what goes in.
document.addEventListener("click", function (event) {
  "use strict";
  var button = event.target.closest("[data-adopt]");
  if (!button) { return; }
  [["adopt", "value"], ["adoptToo", "valueToo"]].forEach(function (pair) {
    var field = button.dataset[pair[0]] && document.getElementById("id_" + button.dataset[pair[0]]);
    if (field) { field.value = button.dataset[pair[1]]; field.dispatchEvent(new Event("input", { bubbles: true })); field.dispatchEvent(new Event("change", { bubbles: true })); }
  });
});
