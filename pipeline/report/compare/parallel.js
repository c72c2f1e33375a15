// Every run as a line over all axes, and as a point over any two; what is brushed is all that the page shows.
"use strict";

(() => {
  const place = document.getElementById("parallel"),
    text = document.getElementById("parallel-data")?.textContent;
  if (!place || !text) return;
  /** @type {import("./parallel.ts").ParallelData} */
  const { axes, runs, colours } = JSON.parse(text);
  document.getElementById("explore").hidden = false;

  const [HEIGHT, TOP, BOTTOM, SIDE] = [300, 34, 26, 46];
  /** Milliseconds after the last move of a brush when tables and figures follow. */
  const SETTLED = 120;
  const extents = axes.map(({ values }) => {
    const known = values.filter((value) => value !== null);
    return [Math.min(...known), Math.max(...known)];
  });
  /** What is kept on each axis, [low, high]; null where all is. @type {([number, number] | null)[]} */
  const limits = axes.map(() => null);
  const isKept = (i) =>
    limits.every((limit, a) => {
      const value = axes[a].values[i];
      return limit === null || value !== null && value >= limit[0] && value <= limit[1];
    });
  let kept = runs.map(() => true);

  const make = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (name in made && !name.includes("-")) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const shown = (axis, value) =>
    axis.names ? axis.names[Math.round(value)] ?? "" : String(Number(value.toPrecision(4))).replace("-", "−");
  const parallel = make("canvas", {
    className: "parallel",
    role: "img",
    "aria-label": "All runs over all axes",
  });
  const scatter = make("canvas", {
    className: "scatter",
    role: "img",
    "aria-label": "All runs over two axes",
  });
  const said = make("output", { "aria-live": "polite" });
  const select = (label, chosen) =>
    make(
      "select",
      { "aria-label": label, onchange: () => draw() },
      ...axes.map(({ name }, i) => make("option", { value: i, selected: i === chosen }, name)),
    );
  const named = (word, otherwise) => {
    const found = axes.findIndex(({ name }) => name.startsWith(word));
    return found < 0 ? otherwise : found;
  };
  // What KL buys of reconstruction, where both are there: the rate-distortion plane (Alemi et al., 2018).
  const across = select("Across", named("KL", 0));
  const up = select("Up", named("Reconstr", axes.length - 1));
  const numbers = axes.map((axis, a) =>
    [0, 1].map((end) =>
      make("input", {
        type: "number",
        step: "any",
        "aria-label": `${axis.name}, ${end === 0 ? "least" : "most"}`,
        placeholder: shown(axis, extents[a][end]),
        onchange: () => {
          const [low, high] = numbers[a].map((input, i) =>
            input.value === "" ? extents[a][i] : Number(input.value)
          );
          limits[a] = numbers[a].every(({ value }) => value === "") ? null : [low, high];
          brushed();
        },
      })
    )
  );
  const clear = make("button", {
    type: "button",
    onclick: () => {
      limits.fill(null);
      brushed();
    },
  }, "Keep all");
  place.append(
    parallel,
    make("p", { className: "controls" }, clear, said),
    make(
      "details",
      {},
      make("summary", {}, "Limits as numbers"),
      make(
        "div",
        { className: "limits" },
        ...axes.map(({ name }, a) => make("fieldset", {}, make("legend", {}, name), ...numbers[a])),
      ),
    ),
    make("p", { className: "controls" }, make("label", {}, "Across ", across), make("label", {}, "Up ", up)),
    scatter,
  );

  const page = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const open = (canvas, height) => {
    const ratio = devicePixelRatio, width = canvas.clientWidth;
    canvas.style.height = `${height}px`;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = "11px Helvetica, Arial, sans-serif";
    return { context, width };
  };
  const xOf = (a, width) => SIDE + (width - 2 * SIDE) * (axes.length === 1 ? 0.5 : a / (axes.length - 1));
  const yOf = (a, value) => {
    const [low, high] = extents[a];
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (high > low ? (value - low) / (high - low) : 0.5);
  };
  const valueAt = (a, y) => {
    const [low, high] = extents[a], share = (HEIGHT - BOTTOM - y) / (HEIGHT - TOP - BOTTOM);
    return low + Math.max(0, Math.min(1, share)) * (high - low);
  };

  const add = (path, i, width) => {
    let isFirst = true;
    axes.forEach(({ values }, a) => {
      if (values[i] === null) return;
      if (isFirst) path.moveTo(xOf(a, width), yOf(a, values[i]));
      else path.lineTo(xOf(a, width), yOf(a, values[i]));
      isFirst = false;
    });
  };
  /** All lines, quietly: they lie under those that are kept, and change with the width alone. */
  const under = { canvas: document.createElement("canvas"), id: "" };
  function underlay(width) {
    const id = `${width} ${devicePixelRatio} ${page("line")}`;
    if (under.id === id) return under.canvas;
    under.id = id;
    [under.canvas.width, under.canvas.height] = [parallel.width, parallel.height];
    const context = under.canvas.getContext("2d");
    context.scale(devicePixelRatio, devicePixelRatio);
    context.strokeStyle = page("line");
    context.globalAlpha = 0.6;
    const path = new Path2D();
    runs.forEach((_, i) => add(path, i, width));
    context.stroke(path);
    return under.canvas;
  }

  function drawParallel() {
    const { context, width } = open(parallel, HEIGHT);
    context.drawImage(underlay(width), 0, 0, width, HEIGHT);
    // One path a colour: a thousand strokes of their own would take longer than a frame.
    const paths = new Map();
    runs.forEach(({ group }, i) => {
      if (!kept[i]) return;
      const colour = colours[group];
      if (!paths.has(colour)) paths.set(colour, new Path2D());
      add(paths.get(colour), i, width);
    });
    context.lineWidth = 1;
    context.globalAlpha = runs.length > 200 ? 0.45 : 0.8;
    for (const [colour, path] of paths) {
      context.strokeStyle = colour;
      context.stroke(path);
    }
    context.globalAlpha = 1;
    axes.forEach((axis, a) => {
      const x = xOf(a, width);
      context.strokeStyle = context.fillStyle = page("ink");
      context.beginPath();
      context.moveTo(x, TOP);
      context.lineTo(x, HEIGHT - BOTTOM);
      context.stroke();
      context.textAlign = "center";
      context.fillText(axis.name, x, a % 2 === 0 ? 12 : 25);
      context.fillStyle = page("quiet");
      for (const [end, y] of [[extents[a][1], TOP + 4], [extents[a][0], HEIGHT - BOTTOM + 14]]) {
        context.textAlign = end === extents[a][1] ? "left" : "center";
        context.fillText(shown(axis, end), end === extents[a][1] ? x + 4 : x, y);
      }
      if (!limits[a]) return;
      const [from, to] = limits[a].map((value) => yOf(a, value));
      context.fillStyle = page("accent");
      context.globalAlpha = 0.3;
      context.fillRect(x - 7, to, 14, Math.max(2, from - to));
      context.globalAlpha = 1;
    });
  }

  /** Where each run is in the scatter, for the pointer. */
  let points = [];
  function drawScatter() {
    const { context, width } = open(scatter, 340), [a, b] = [Number(across.value), Number(up.value)];
    const box = { left: 60, right: width - 16, top: 12, bottom: 300 };
    const at = (axis, value, from, to) => {
      const [low, high] = extents[axis];
      return from + (to - from) * (high > low ? 0.04 + 0.92 * (value - low) / (high - low) : 0.5);
    };
    context.strokeStyle = page("line");
    context.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.fillStyle = page("quiet");
    for (const [i, end] of extents[a].entries()) {
      context.textAlign = "center";
      context.fillText(shown(axes[a], end), at(a, extents[a][i], box.left, box.right), box.bottom + 15);
    }
    for (const end of extents[b]) {
      context.textAlign = "right";
      context.fillText(shown(axes[b], end), box.left - 6, at(b, end, box.bottom, box.top) + 4);
    }
    context.textAlign = "center";
    const title = (axis) => axis.unit ? `${axis.name} (${axis.unit})` : axis.name;
    context.fillText(title(axes[a]), (box.left + box.right) / 2, box.bottom + 32);
    context.save();
    context.translate(14, (box.top + box.bottom) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(title(axes[b]), 0, 0);
    context.restore();
    points = runs.map((_, i) => {
      const [p, q] = [axes[a].values[i], axes[b].values[i]];
      return p === null || q === null ? null : [at(a, p, box.left, box.right), at(b, q, box.bottom, box.top)];
    });
    for (const isOn of [false, true]) {
      points.forEach((point, i) => {
        if (!point || kept[i] !== isOn) return;
        context.globalAlpha = isOn ? 0.85 : 0.25;
        context.fillStyle = isOn ? colours[runs[i].group] : page("quiet");
        context.beginPath();
        context.arc(...point, 4, 0, 2 * Math.PI);
        context.fill();
      });
    }
    context.globalAlpha = 1;
  }

  let waits = false;
  function draw() {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      drawParallel();
      drawScatter();
    });
  }

  let timer = 0;
  function brushed() {
    kept = runs.map((_, i) => isKept(i));
    const count = kept.filter(Boolean).length;
    said.textContent = count === runs.length ? `${count} runs` : `${count} of ${runs.length} runs`;
    draw();
    clearTimeout(timer);
    timer = setTimeout(follow, SETTLED);
  }

  const rows = all("#runs tbody tr"), groupRows = all("#results tbody tr, .pictures [data-group]");
  const marks = all(".gallery .group, .legend [data-group]");
  /** Tables and figures show what is kept. */
  function follow() {
    const groups = new Set(runs.filter((_, i) => kept[i]).map(({ group }) => String(group)));
    const isAll = kept.every(Boolean);
    const out = new Set(runs.filter((_, i) => !kept[i]).map(({ row }) => row));
    rows.forEach((row, i) => row.classList.toggle("outside", out.has(i)));
    for (const part of [...groupRows, ...marks]) {
      part.classList.toggle("outside", !isAll && !groups.has(part.dataset.group));
    }
    numbers.forEach((pair, a) =>
      pair.forEach((input, end) => {
        if (document.activeElement !== input) input.value = limits[a] ? limits[a][end].toPrecision(4) : "";
      })
    );
  }

  const near = (event) => {
    const { left, top, width } = parallel.getBoundingClientRect(), x = event.clientX - left;
    const distances = axes.map((_, a) => Math.abs(xOf(a, width) - x));
    return { axis: distances.indexOf(Math.min(...distances)), y: event.clientY - top };
  };
  /** @type {{ axis: number, from: number } | undefined} */
  let brush;
  parallel.addEventListener("pointerdown", (event) => {
    const { axis, y } = near(event);
    brush = { axis, from: y };
    limits[axis] = null;
    parallel.setPointerCapture(event.pointerId);
    brushed();
  });
  parallel.addEventListener("pointermove", (event) => {
    if (!brush) return;
    const { y } = near(event);
    if (Math.abs(y - brush.from) < 3) return;
    limits[brush.axis] = [
      valueAt(brush.axis, Math.max(y, brush.from)),
      valueAt(brush.axis, Math.min(y, brush.from)),
    ];
    brushed();
  });
  for (const name of ["pointerup", "pointercancel"]) parallel.addEventListener(name, () => brush = undefined);

  scatter.addEventListener("pointermove", (event) => {
    const box = scatter.getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1, least = 10;
    points.forEach((point, i) => {
      const distance = point && kept[i] ? Math.hypot(point[0] - x, point[1] - y) : Infinity;
      if (distance < least) [best, least] = [i, distance];
    });
    const [a, b] = [axes[across.value], axes[up.value]];
    tip.hidden = best < 0;
    if (best < 0) return;
    const value = (axis) => `${axis.name} ${shown(axis, axis.values[best])}`;
    tip.textContent = `${runs[best].name}: ${value(a)}, ${value(b)}`;
  });
  scatter.addEventListener("pointerleave", () => tip.hidden = true);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(draw).observe(parallel);
  brushed();
})();
