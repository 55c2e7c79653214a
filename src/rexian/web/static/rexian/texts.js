// SPDX-License-Identifier: Apache-2.0
// Texts kept for an act: the list becomes a choice, and what is chosen stands in the field, where it can be changed.
"use strict";
for (const list of document.querySelectorAll("[data-texts]")) {
  const field = document.getElementById(list.dataset.texts);
  if (!field) continue;
  const choice = document.createElement("select");
  choice.className = "input auto";
  choice.setAttribute("aria-label", list.querySelector("summary").textContent);
  choice.add(new Option(list.querySelector("summary").textContent + "…", ""));
  for (const name of list.querySelectorAll("dt")) choice.add(new Option(name.textContent, name.nextElementSibling.textContent));
  choice.addEventListener("change", () => {
    if (!choice.value) return;
    const end = field.value && !field.value.endsWith("\n") ? "\n" : "";
    field.value += end + choice.value;
    choice.selectedIndex = 0;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  list.replaceWith(choice);
}
