// Live curves: asks a JSON address every two seconds while the run goes on, draws with uPlot,
// and fills the table behind the chart. Needs no other host.
(() => {
  "use strict";

  const PERIOD = 2000;
  const HUES = ["--cs-accent", "--cs-time", "--cs-place", "--cs-contact"];
  const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];

  const colour = (name) => {
    // A canvas cannot read light-dark(): let an element resolve it.
    const probe = document.createElement("span");
    probe.className = "visually-hidden";
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };

  // Series of different lengths on one axis: the union of their x, gaps as null.
  function align(series) {
    const xs = [...new Set(series.flatMap((one) => one.points.map(([x]) => x)))];
    xs.sort((a, b) => a - b);
    const columns = series.map((one) => {
      const at = new Map(one.points.map(([x, y]) => [x, y]));
      return xs.map((x) => (at.has(x) ? at.get(x) : null));
    });
    return [xs, ...columns];
  }

  function options(figure, series, width, height) {
    const axis = { stroke: colour("--cs-ink-2"), font: "13px system-ui", grid: { stroke: colour("--cs-line"), width: 1 }, ticks: { stroke: colour("--cs-line"), width: 1 }, labelFont: "13px system-ui" };
    return {
      width, height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false } },
      axes: [
        // Steps are counted: no tick stands between two of them.
        { ...axis, label: figure.dataset.xLabel, labelSize: 22, size: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] },
        { ...axis, label: figure.dataset.yLabel, labelSize: 22, size: 54 },
      ],
      series: [
        { label: figure.dataset.xLabel },
        ...series.map((one, index) => ({
          label: one.name, spanGaps: true, width: 2,
          stroke: colour(HUES[index % HUES.length]), dash: DASHES[index % DASHES.length],
          points: { size: 5 },
        })),
      ],
    };
  }

  function row(cells, tag) {
    const line = document.createElement("tr");
    for (const cell of cells) {
      const box = document.createElement(tag);
      box.className = "number";
      if (tag === "th") box.scope = "col";
      box.textContent = cell === null ? "–" : typeof cell === "number" ? String(+cell.toFixed(4)) : cell;
      line.append(box);
    }
    return line;
  }

  function legend(figure, series) {
    const marks = series.map((one, index) => {
      const item = document.createElement("span");
      const last = one.points.at(-1);
      item.textContent = `${one.name} ${last ? last[1].toFixed(3) : ""}`;
      const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      line.setAttribute("viewBox", "0 0 24 8");
      line.setAttribute("width", "24");
      line.setAttribute("height", "8");
      line.setAttribute("aria-hidden", "true");
      const stroke = document.createElementNS("http://www.w3.org/2000/svg", "path");
      stroke.setAttribute("d", "M0 4h24");
      stroke.setAttribute("stroke", colour(HUES[index % HUES.length]));
      stroke.setAttribute("stroke-width", "2");
      stroke.setAttribute("stroke-dasharray", DASHES[index % DASHES.length].join(" "));
      line.append(stroke);
      item.prepend(line, " ");
      return item;
    });
    figure.querySelector("[data-legend]").replaceChildren(...marks);
  }

  function start(figure) {
    const plot = figure.querySelector("[data-plot]");
    const status = figure.querySelector("[data-status]");
    let chart = null;
    let names = "";
    let latest = [];

    function draw(series) {
      latest = series;
      const data = align(series);
      const key = series.map((one) => one.name).join("|");
      if (!chart || key !== names) {
        chart?.destroy();
        chart = new uPlot(options(figure, series, plot.clientWidth, 240), data, plot);
        names = key;
      } else chart.setData(data);
      legend(figure, series);
      figure.querySelector("[data-head]").replaceChildren(row([figure.dataset.xLabel, ...series.map((one) => one.name)], "th"));
      figure.querySelector("[data-body]").replaceChildren(...data[0].map((x, i) => row([x, ...data.slice(1).map((column) => column[i])], "td")));
    }

    async function ask() {
      try {
        const answer = await fetch(figure.dataset.url, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        const body = await answer.json();
        const series = body.series.filter((one) => one.points.length);
        if (series.length) draw(series);
        status.textContent = body.running ? (series.length ? "Running" : "Waiting for the first measurement.") : series.length ? "" : "Nothing was measured.";
        if (body.running) setTimeout(ask, PERIOD);
      } catch {
        status.textContent = "The server does not answer. The run goes on; trying again.";
        setTimeout(ask, PERIOD * 3);
      }
    }

    new ResizeObserver(() => chart?.setSize({ width: plot.clientWidth, height: 240 })).observe(plot);
    document.addEventListener("theme-change", () => { names = ""; if (latest.length) draw(latest); });
    ask();
  }

  document.querySelectorAll("[data-live-chart]").forEach(start);
})();
