"use strict";
(() => {
  // The JSON has no colours; they come from the style sheet, and again when the reader's scheme changes.
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const coloured = (trace) => {
    const { tint } = trace.meta;
    const shade = tint === null ? colour("--worse") : colour(`--m${1 + (tint % 7)}`);
    const marker = { size: 6, ...trace.marker, color: shade };
    if (marker.line) marker.line = { ...marker.line, color: shade };
    return { ...trace, line: { ...trace.line, color: shade }, marker };
  };
  const draw = (figure) => {
    const axis = { gridcolor: colour("--line"), linecolor: colour("--line"), zeroline: false, automargin: true, fixedrange: true };
    const layout = {
      ...figure.layout,
      xaxis: { ...axis, ...figure.layout.xaxis },
      yaxis: { ...axis, ...figure.layout.yaxis },
      shapes: (figure.layout.shapes ?? []).map((shape) => ({ ...shape, line: { width: 2, ...shape.line, color: colour(`--${shape.name}`) } })),
      font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("--text") },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      margin: { l: 10, r: 10, t: 10, b: 10 },
      showlegend: false, // one for all, above the plots
      hoverlabel: { bgcolor: colour("--panel"), bordercolor: colour("--line"), font: { color: colour("--text") } },
      hovermode: "closest",
    };
    Plotly.react(`plot-${figure.name}`, figure.traces.map(coloured), layout, { responsive: true, displayModeBar: false });
  };
  const drawAll = () => payload.figures.forEach(draw);
  drawAll();
  dark.addEventListener("change", drawAll);
})();
