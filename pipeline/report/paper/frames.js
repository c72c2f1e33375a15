import { all, isCalm } from "../dom.js";

/** Milliseconds from one frame to the next. */
const INTERVAL = 500;

/**
 * Puts a button and a slider under each drawing whose frames take turns, so that a reader can stop it and look at one.
 * Without this script the frames take turns by CSS alone.
 */
export function startFrames() {
  all("svg.frames").forEach(takeTurns);
}

/** @param {Element} drawing */
function takeTurns(drawing) {
  const frames = all(".frame", drawing);
  const last = frames.length - 1;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "turn";
  const slider = document.createElement("input");
  slider.type = "range";
  slider.max = String(last);
  slider.setAttribute("aria-label", "Moment of training");
  const controls = document.createElement("div");
  controls.className = "controls";
  controls.append(button, slider);
  drawing.after(controls);

  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** @param {number} index */
  const show = (index) => {
    frames.forEach((frame, i) => frame.classList.toggle("shown", i === index));
    slider.value = String(index);
    slider.setAttribute("aria-valuetext", frames[index].dataset.label);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    button.textContent = "Play";
  };
  const play = () => {
    button.textContent = "Pause";
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next > last) stop();
      else show(next);
    }, INTERVAL);
  };

  button.addEventListener("click", () => {
    if (timer !== undefined) return stop();
    if (Number(slider.value) === last) show(0);
    play();
  });
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });

  drawing.classList.add("held");
  show(last);
  stop();
  if (isCalm()) return;
  // It plays once when it is first seen.
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    if (timer === undefined && Number(slider.value) === last) button.click();
  }, { threshold: 0.6 });
  seen.observe(drawing);
}
