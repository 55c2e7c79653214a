// SPDX-License-Identifier: Apache-2.0
// Takes a proposal into the form: [data-adopt] names the field, data-value what goes in; with data-append what is typed there already stays before it.
document.addEventListener("click", function (event) {
  "use strict";
  var button = event.target.closest("[data-adopt]");
  if (!button) { return; }
  [["adopt", "value"], ["adoptToo", "valueToo"]].forEach(function (pair) {
    var field = button.dataset[pair[0]] && document.getElementById("id_" + button.dataset[pair[0]]);
    var typed = field && "append" in button.dataset ? field.value.trim() : "";
    if (typed.indexOf(button.dataset[pair[1]]) >= 0 && typed) { return; }
    if (field) { field.value = (typed ? typed + "\n\n" : "") + button.dataset[pair[1]]; field.dispatchEvent(new Event("input", { bubbles: true })); field.dispatchEvent(new Event("change", { bubbles: true })); }
  });
});
