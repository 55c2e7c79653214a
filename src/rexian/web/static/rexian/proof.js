// SPDX-License-Identifier: Apache-2.0
// A proof of work (ALTCHA, version 1): finds the number whose SHA-256 with the salt is the challenge, and puts it into the form.
(function () {
  "use strict";
  var field = document.querySelector("[data-challenge]"), note = document.querySelector("[data-proof-note]");
  if (!field || !window.crypto || !crypto.subtle) { return; }
  var task = JSON.parse(field.dataset.challenge), encoder = new TextEncoder(), STEP = 500;
  function hex(buffer) { return Array.from(new Uint8Array(buffer), function (byte) { return byte.toString(16).padStart(2, "0"); }).join(""); }
  function digest(number) { return crypto.subtle.digest(task.algorithm, encoder.encode(task.salt + number)).then(hex); }
  function search(from) {
    var numbers = Array.from({ length: Math.min(STEP, task.maxNumber - from + 1) }, function (_, place) { return from + place; });
    return Promise.all(numbers.map(digest)).then(function (found) {
      var place = found.indexOf(task.challenge);
      if (place >= 0) { return from + place; }
      if (from + STEP > task.maxNumber) { throw new Error("no number"); }
      return search(from + STEP);
    });
  }
  search(0).then(function (number) {
    var solved = { algorithm: task.algorithm, challenge: task.challenge, number: number, salt: task.salt, signature: task.signature };
    field.value = btoa(JSON.stringify(solved));
    if (note) { note.textContent = note.dataset.ready; }
  });
})();
