// SPDX-License-Identifier: Apache-2.0
// A map to point at: [data-map] is shown where scripts run; tiles where the city has them, else outlines of the areas only.
// Leaflet is loaded when the map is opened, so that an old phone pays for it only then.
(function () {
  "use strict";
  var box = document.querySelector("[data-map]");
  if (!box || !window.fetch) { return; }
  var form = box.closest("form"), note = box.querySelector("[data-map-note]"), map = null, mark = null;
  function point(where) {
    form.elements.longitude.value = where.lng.toFixed(6); form.elements.latitude.value = where.lat.toFixed(6);
    if (mark) { mark.setLatLng(where); } else { mark = L.circleMarker(where, { radius: 9, weight: 3, className: "map-mark" }).addTo(map); }
    note.textContent = note.dataset.chosen;
    form.dispatchEvent(new CustomEvent("rexian:point"));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function outline(areas) {
    var layer = L.geoJSON(areas, { style: { weight: 1, className: "map-area" }, onEachFeature: function (feature, one) { one.bindTooltip(feature.properties.name); } }).addTo(map);
    if (areas.features.length && !form.elements.longitude.value) { map.fitBounds(layer.getBounds()); }
  }
  function load() {
    if (window.L) { open(); return; }
    var script = document.createElement("script"), style = document.createElement("link");
    style.rel = "stylesheet"; style.href = box.dataset.style; script.src = box.dataset.script; script.onload = open;
    document.head.append(style, script);
  }
  function open() {
    if (map) { map.invalidateSize(); return; }
    map = L.map(box.querySelector(".map"), { attributionControl: false }).setView([+box.dataset.latitude, +box.dataset.longitude], 11);
    if (box.dataset.tiles) { L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).addTo(map); }
    fetch(box.dataset.areas).then(function (answer) { return answer.json(); }).then(outline).catch(function () {});
    map.on("click", function (event) { point(event.latlng); });
    var before = form.elements.longitude.value && L.latLng(+form.elements.latitude.value, +form.elements.longitude.value);
    if (before) { point(before); map.setView(before, 15); }
  }
  note.textContent = note.dataset.none;
  box.hidden = false;
  box.addEventListener("toggle", function () { if (box.open) { load(); } });
})();
