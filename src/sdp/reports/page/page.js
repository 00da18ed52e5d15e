"use strict";
(() => {
  const payload = JSON.parse(document.getElementById("payload").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // Plots: the JSON has no colours; they come from the style sheet, and again when the reader's scheme changes.
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const coloured = (trace) => {
    const { model } = trace.meta;
    const tint = model === null ? colour("--quiet") : colour(`--m${model % 8}`);
    const bars = trace.error_y && { ...trace.error_y, color: trace.type === "bar" ? colour("--text") : tint, thickness: 1, width: 2 };
    return { ...trace, error_y: bars, line: { width: 2, ...trace.line, color: tint }, marker: { size: 7, color: tint } };
  };
  const draw = (figure) => {
    const axis = { gridcolor: colour("--line"), linecolor: colour("--line"), zeroline: false, automargin: true };
    const layout = {
      ...figure.layout,
      xaxis: { ...axis, fixedrange: true, ...figure.layout.xaxis },
      yaxis: { ...axis, fixedrange: true, ...figure.layout.yaxis },
      font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("--text") },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      margin: { l: 10, r: 10, t: 10, b: 10 },
      showlegend: false, // one for all, above the plots
      hoverlabel: { bgcolor: colour("--panel"), bordercolor: colour("--line"), font: { color: colour("--text") } },
      hovermode: "closest",
    };
    const options = { responsive: true, displayModeBar: false };
    Plotly.react(`plot-${figure.name}`, figure.traces.map(coloured), layout, options);
  };
  const drawAll = () => payload.figures.forEach(draw);
  drawAll();
  dark.addEventListener("change", drawAll);

  // What flipped. Everything a model wrote goes on the page as text, never as HTML.
  const form = document.getElementById("flip-filters");
  if (!form) return;
  const list = document.getElementById("flip-list");
  const more = document.getElementById("flip-more");
  const STEP = 20;
  let shown = STEP;

  const element = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const pairName = (group) => `${group.label} against ${group.against}`;
  const fill = (select, names, all) => {
    if (all) select.append(new Option(all, ""));
    names.forEach((name) => select.append(new Option(name, name)));
  };
  const unique = (names) => [...new Set(names)];
  fill(form.pair, unique(payload.flips.map(pairName)));
  fill(form.task, unique(payload.flips.map((group) => group.task)), "all");

  // Underlines where the scored line (the last) leaves the expected answer: all between common start and common end.
  const compared = (output, answer) => {
    const cut = output.trimEnd().lastIndexOf("\n") + 1;
    const said = [...output.slice(cut)], wanted = [...answer];
    const shorter = Math.min(said.length, wanted.length);
    let start = 0, end = 0;
    while (start < shorter && said[start] === wanted[start]) start += 1;
    while (end < shorter - start && said[said.length - 1 - end] === wanted[wanted.length - 1 - end]) end += 1;
    const middle = said.slice(start, said.length - end).join("");
    const pre = element("pre", "", output.slice(0, cut) + said.slice(0, start).join(""));
    pre.append(element("mark", "", middle)); // empty where letters are missing: the style sheet puts a caret there
    pre.append(said.slice(said.length - end).join(""));
    return pre;
  };
  const side = (label, output, answer, right, malformed) => {
    const text = `${right ? "✓" : "✗"} ${label}${malformed ? " (not in the form of an answer)" : ""}`;
    const pre = right || malformed ? element("pre", "", output) : compared(output, answer);
    return element("div", `side ${right ? "right" : "wrong"}`, element("p", "", text), output ? pre : element("pre", "", "(nothing)"));
  };
  const card = ({ group, row }) => {
    const kind = `${group.task} · ${group.kind}${row.held_out ? " · held-out phrasing" : ""} · ${row.key} · ${row.id}`;
    const sides = element(
      "div", "sides",
      side(group.against, row.before, row.answer, group.kind === "broken", row.before_malformed),
      side(group.label, row.after, row.answer, group.kind === "fixed", row.after_malformed),
    );
    const expected = element("dl", "", element("dt", "", "expected"), element("dd", "", element("pre", "", row.answer)));
    return element("article", `question ${group.kind}`, element("p", "quiet", kind), element("pre", "prompt", row.prompt), expected, sides);
  };
  const render = () => {
    const text = form.text.value.toLowerCase();
    const groups = payload.flips.filter((group) =>
      pairName(group) === form.pair.value &&
      (!form.task.value || group.task === form.task.value) &&
      (!form.kind.value || group.kind === form.kind.value));
    const found = groups.flatMap((group) => group.rows.map((row) => ({ group, row }))).filter(({ row }) =>
      !text || [row.key, row.prompt, row.answer, row.before, row.after].some((part) => part.toLowerCase().includes(text)));
    const total = groups.reduce((sum, group) => sum + group.n_total, 0);
    const carried = groups.reduce((sum, group) => sum + group.rows.length, 0);
    const rest = carried < total ? ` This page carries ${carried.toLocaleString("en")} of ${total.toLocaleString("en")}; the rows file has all.` : "";
    const seen = Math.min(shown, found.length);
    document.getElementById("flip-count").textContent = `${seen} of ${found.length.toLocaleString("en")} shown.${rest}`;
    list.replaceChildren(...found.slice(0, shown).map(card));
    more.hidden = found.length <= shown;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { shown = STEP; render(); });
  more.addEventListener("click", () => { shown += STEP; render(); });
  render();
})();
