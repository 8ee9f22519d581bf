// Drawing a room on a floor plan: a click is a corner, written into the field where it can be typed as well.

(() => {
  "use strict";

  const plan = document.querySelector("svg[data-plan]");
  const field = document.querySelector("textarea[data-corners]");
  if (!plan || !field) return;
  const { left, top, scale, down, margin } = Object.fromEntries(
    Object.entries(plan.dataset).map(([name, value]) => [name, Number(value)]),
  );
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  shape.setAttribute("class", "drawn");
  plan.append(shape);

  const lines = () => field.value.split("\n").map((line) => line.trim()).filter(Boolean);

  // What is typed is shown at once, as what is pointed at is written at once.
  function show() {
    const points = lines()
      .map((line) => line.replaceAll(",", ".").split(/[\s;]+/).map(Number))
      .filter((point) => point.length === 2 && point.every(Number.isFinite))
      .map(([x, y]) => [margin + (x - left) * scale, margin + (y - top) * down * scale]);
    shape.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  }

  function write(corners) {
    field.value = corners.join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  plan.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
    const digits = scale > 5 ? 2 : 0;
    const x = ((at.x - margin) / scale + left).toFixed(digits);
    const y = (top + ((at.y - margin) / scale) * down).toFixed(digits);
    write([...lines(), `${x} ${y}`]);
  });
  document.querySelector("[data-plan-back]")?.addEventListener("click", () => write(lines().slice(0, -1)));
  field.addEventListener("input", show);
  show();
})();
