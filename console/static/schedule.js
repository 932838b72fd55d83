// Hours are drawn with the mouse or a finger: a drag over the week fills the form beside it and sends it.
(function () {
  "use strict";
  var svg = document.querySelector(".week-draws");
  var form = document.getElementById("window-form");
  if (!svg || !form) return;
  var ghost = svg.querySelector(".week-ghost");
  var size = {};
  ["left", "top", "column", "hour"].forEach(function (name) { size[name] = Number(svg.dataset[name]); });
  var names = Array.prototype.map.call(form.querySelectorAll("[name=days]"), function (box) { return box.value; });
  var begun = null;

  function place(event) {
    var point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    var day = Math.floor((point.x - size.left) / size.column);
    var half = (point.y - size.top) / size.hour * 2;
    return { day: Math.min(6, Math.max(0, day)), half: Math.min(48, Math.max(0, half)) };
  }

  function span(end) {
    var first = Math.floor(Math.min(begun.half, end.half));
    var last = Math.max(first + 1, Math.ceil(Math.max(begun.half, end.half)));
    return { from: first, to: last, day: Math.min(begun.day, end.day), days: Math.abs(begun.day - end.day) + 1 };
  }

  function draw(what) {
    ghost.setAttribute("x", size.left + what.day * size.column);
    ghost.setAttribute("y", size.top + what.from * size.hour / 2);
    ghost.setAttribute("width", what.days * size.column);
    ghost.setAttribute("height", (what.to - what.from) * size.hour / 2);
  }

  function clock(half) {
    return ("0" + Math.floor(half / 2)).slice(-2) + (half % 2 ? ":30" : ":00");
  }

  svg.addEventListener("pointerdown", function (event) {
    if (event.button) return;
    begun = place(event);
    svg.setPointerCapture(event.pointerId);
    draw(span(begun));
  });
  svg.addEventListener("pointermove", function (event) { if (begun) draw(span(place(event))); });
  svg.addEventListener("pointercancel", function () { begun = null; ghost.setAttribute("width", 0); });
  svg.addEventListener("pointerup", function (event) {
    if (!begun) return;
    var what = span(place(event));
    begun = null;
    form.querySelectorAll("[name=days]").forEach(function (box) {
      var at = names.indexOf(box.value);
      box.checked = at >= what.day && at < what.day + what.days;
    });
    form.elements.from.value = clock(what.from);
    form.elements.to.value = clock(what.to);
    form.requestSubmit();
  });
})();
