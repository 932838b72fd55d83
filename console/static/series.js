// The course by the hour, which can be looked at more closely: plays on the left scale, what people did on the right.
(() => {
  const COLOURS = ["#0b5cab", "#a86500", "#14713d", "#8a63c9"];

  function draw(place, told) {
    const names = place.dataset.names.split("|");
    const columns = [told.t, told.plays, told.scans, told.splash_views, told.stores];
    const line = (name, at) => ({
      label: name, stroke: COLOURS[at], width: 2, scale: at ? "people" : "plays",
      fill: at ? undefined : "rgba(11, 92, 171, 0.08)", value: (_, n) => (n === null ? "–" : n.toLocaleString(document.documentElement.lang)),
    });
    const font = "12px " + getComputedStyle(document.body).fontFamily;
    const axis = { font, stroke: "#56677a", grid: { stroke: "#e6ebf0", width: 1 }, ticks: { show: false } };
    const zone = place.dataset.zone;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, day: "numeric", month: "numeric", hour: "2-digit" });
    const chart = new uPlot({
      width: place.clientWidth, height: 260,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
      scales: { plays: { range: fromZero }, people: { range: fromZero } },
      series: [{ label: place.dataset.hour, value: (_, at) => (at === null ? "–" : time.format(new Date(at * 1000))) }, ...names.map(line)],
      axes: [
        { ...axis, values: (_, ticks) => ticks.map((at) => time.format(new Date(at * 1000))), space: 110 },
        { ...axis, scale: "plays", size: 56 },
        { ...axis, scale: "people", side: 1, size: 48, grid: { show: false } },
      ],
    }, columns, place);
    new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: 260 })).observe(place);
    place.dataset.drawn = told.t.length;
  }

  function fromZero(_, __, most) {
    return [0, most > 0 ? most * 1.05 : 1];
  }

  for (const place of document.querySelectorAll("[data-series]")) {
    fetch(place.dataset.series, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((told) => {
        if (told.t.length) draw(place, told);
        else place.querySelector("p").textContent = place.dataset.empty;
      })
      .catch(() => {});
  }
})();
