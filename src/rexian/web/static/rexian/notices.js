// SPDX-License-Identifier: Apache-2.0
// What needs me, without reloading: [data-notices] opens the stream; where there is none it asks every 30 seconds. Rows never move under the hand:
// the rail's [data-count] and the bell say how many, [data-arrived] offers to load the list anew. Sound only as chosen, and after a first touch.
(function () {
  "use strict";
  var bell = document.querySelector("[data-notices]");
  if (!bell || !window.fetch) { return; }
  var POLL = 30000, AGAIN = 300000, title = document.title, kinds = JSON.parse(bell.dataset.kinds), choice = null;
  var unread = 0, arrived = 0, before = null, etag = "", polling = null, retry = null, stream = null, audio = null;
  var bar = document.querySelector("[data-arrived]"), badge = bell.querySelector("[data-unread-count]");
  var say = document.querySelector("[data-say]"), loud = document.querySelector("[data-loud]");

  function number(n, most) { return n >= most ? (most - 1) + "+" : String(n); }
  function show() {
    badge.textContent = number(unread, 100); badge.hidden = !unread;
    bell.setAttribute("aria-label", unread ? bell.dataset.unread.replace("%n", number(unread, 100)) : bell.title);
    if (bar) { bar.hidden = !arrived; bar.querySelector("a").textContent = bar.dataset.words.replace("%n", arrived); }
    document.title = (choice && choice.title && Math.max(unread, arrived) ? "(" + number(Math.max(unread, arrived), 100) + ") " : "") + title;
  }
  function counts(found) {
    Object.keys(found).forEach(function (slug) {
      var place = document.querySelector('[data-count="' + slug + '"]');
      if (place) { place.textContent = found[slug] ? number(found[slug], 1000) : ""; }
    });
  }
  function beep(times) {
    if (!audio || audio.state !== "running") { return; }
    for (var n = 0; n < times; n += 1) {
      var tone = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime + n * 0.35;
      tone.frequency.setValueAtTime(times > 1 ? 988 : 660, at); tone.frequency.setValueAtTime(times > 1 ? 740 : 880, at + 0.12);
      volume.gain.setValueAtTime(0.0001, at); volume.gain.linearRampToValueAtTime(times > 1 ? 0.35 : 0.15, at + 0.02); volume.gain.linearRampToValueAtTime(0.0001, at + 0.28);
      tone.connect(volume).connect(audio.destination); tone.start(at); tone.stop(at + 0.3);
    }
  }
  // Browsers start sound only from a touch or a key.
  function ready() { if (!audio && window.AudioContext) { audio = new AudioContext(); } if (audio && audio.state === "suspended") { audio.resume(); } }
  ["pointerdown", "keydown"].forEach(function (name) { document.addEventListener(name, function () { if (choice && choice.sound !== "off") { ready(); } }); });
  // Of several open tabs only the first that hears of an event makes a noise.
  function first(told) {
    var news = false, upto = {};
    told.forEach(function (one) { upto[one[2]] = Math.max(upto[one[2]] || 0, one[1]); });
    Object.keys(upto).forEach(function (about) {
      try { if (+localStorage.getItem("rexian-told-" + about) >= upto[about]) { return; } localStorage.setItem("rexian-told-" + about, upto[about]); } catch (error) { /* no storage: every tab tells */ }
      news = true;
    });
    return news;
  }
  function tell(told) {
    told = told.filter(function (one) { return choice && choice.kinds.indexOf(one[0]) >= 0; });
    if (!told.length) { return; }
    unread += told.length;
    var names = told.map(function (one) { return kinds[one[0]]; }).filter(function (name, at, all) { return all.indexOf(name) === at; }).join("、");
    var danger = told.some(function (one) { return one[0] === "danger"; });
    say.textContent = names; loud.hidden = loud.hidden && !danger;
    if (!first(told)) { return; }
    if (choice.sound === "all" || (choice.sound === "danger" && danger)) { beep(danger ? 4 : 1); }
    if (choice.desktop && document.hidden && window.Notification && Notification.permission === "granted") { new Notification(names, { tag: "rexian" }); }
  }
  function take(message) {
    if (message.choice) { choice = message.choice; unread = message.unread; }
    counts(message.counts);
    if (bar && message.arrived) { arrived += message.arrived[bar.dataset.arrived] || 0; }
    tell(message.told || []);
    show();
  }
  // Without a stream: what is more than when the page was loaded has arrived.
  function compare(message) {
    if (bar && before) { arrived = Math.max(arrived, (message.counts[bar.dataset.arrived] || 0) - (before[bar.dataset.arrived] || 0)); }
    before = before || message.counts;
    take(message);
  }
  function ask() {
    fetch(bell.dataset.now, { credentials: "same-origin", redirect: "manual", headers: etag ? { "If-None-Match": etag } : {} }).then(function (answer) {
      if (answer.status !== 200) { return null; }
      etag = answer.headers.get("ETag") || ""; return answer.json();
    }).then(function (message) { if (message) { compare(message); } }).catch(function () {});
  }
  function poll() { if (!polling) { ask(); polling = setInterval(ask, POLL); } clearTimeout(retry); retry = setTimeout(listen, AGAIN); }
  function listen() {
    if (!bell.dataset.stream || !window.EventSource) { poll(); return; }
    if (stream) { stream.close(); }
    var mine = stream = new EventSource(bell.dataset.stream, { withCredentials: true }), late = setTimeout(poll, 8000), fails = 0;
    mine.onmessage = function (event) { clearTimeout(late); clearTimeout(retry); clearInterval(polling); polling = null; fails = 0; take(JSON.parse(event.data)); };
    mine.onerror = function () { fails += 1; if (mine.readyState === 2 || fails > 3) { mine.close(); clearTimeout(late); poll(); } };
  }
  window.addEventListener("pagehide", function () { if (stream) { stream.close(); } });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-read]"), token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (link && token) { var body = new FormData(); body.append("csrfmiddlewaretoken", token.value); navigator.sendBeacon(link.dataset.read, body); }
  });
  var wanted = document.querySelector("input[name=desktop]"), listenTo = document.querySelector("[data-try-sound]");
  if (wanted && window.Notification) { wanted.addEventListener("change", function () { if (wanted.checked && Notification.permission === "default") { Notification.requestPermission(); } }); }
  if (listenTo && window.AudioContext) { listenTo.hidden = false; listenTo.addEventListener("click", function () { ready(); audio.resume().then(function () { beep(1); }); }); }
  window.addEventListener("pageshow", function (event) { if (event.persisted) { listen(); } });
  listen();
})();
