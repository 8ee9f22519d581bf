// Reading a page by keyboard alone: a ruler over the photograph follows the row, Enter goes to the next cell, letters of both
// alphabets are typed whatever layout the keyboard has, and what the marks say is shown beside. Drafts are kept by drafts.js.

(() => {
  "use strict";

  const form = document.querySelector("form[data-reading]");
  if (!form) return;
  const cells = [...form.querySelectorAll("input[data-cell]")];
  const rows = [...form.querySelectorAll(".book-cells tbody tr")].map((row) => [...row.querySelectorAll("input[data-cell]")]);
  const rulers = JSON.parse(form.dataset.rulers);
  const picture = form.querySelector("svg.book-page");
  const preview = form.querySelector("[data-preview]");
  const words = form.querySelector("template[data-words]").dataset;
  const DITTO = '(")';
  let last = cells[0];

  // --- where one is on the page -------------------------------------------------------------------------------------------

  const ruler = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ruler.setAttribute("class", "ruler");

  function follow(cell) {
    const box = rulers[cell.dataset.cell];
    if (!picture || !box) return;
    const [left, top, width, height] = box;
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) ruler.setAttribute(name, value);
    picture.append(ruler);
    // The row with about one and a half of its neighbours above and below.
    picture.setAttribute("viewBox", `${left} ${top - 1.5 * height} ${width} ${4 * height}`);
    for (const each of picture.querySelectorAll(".cell.here")) each.classList.remove("here");
    picture.querySelector(`[data-region="${CSS.escape(cell.dataset.cell)}"]`)?.classList.add("here");
  }

  // --- what the marks say -------------------------------------------------------------------------------------------------

  const TAGS = { struck: "s", inserted: "ins", uncertain: "i", hand: "u", signature: "em", abbreviated: "abbr", ditto: "span" };

  function show(cell) {
    preview.replaceChildren();
    const read = window.readNotation(cell.value);
    cell.classList.toggle("wrong", Boolean(read.wrong));
    if (read.wrong) {
      preview.textContent = words[read.wrong];
      return;
    }
    for (const part of read) {
      let shown = document.createTextNode(part.text || "□".repeat(Math.max(1, part.gap)));
      for (const mark of part.marks) {
        const around = Object.assign(document.createElement(TAGS[mark]), { className: `mark-${mark}` });
        around.append(shown);
        shown = around;
      }
      preview.append(shown);
      if (part.standsFor) preview.append(` [${part.standsFor}]`);
    }
  }

  // --- from cell to cell --------------------------------------------------------------------------------------------------

  const goesDown = () => form.elements._way.value === "column";

  function order() {
    if (!goesDown()) return cells;
    const heads = cells.filter((cell) => !rows.some((row) => row.includes(cell)));
    const widest = Math.max(0, ...rows.map((row) => row.length));
    const columns = Array.from({ length: widest }, (_, at) => rows.map((row) => row[at]).filter(Boolean));
    return [...heads, ...columns.flat()];
  }

  function step(cell, by) {
    const all = order();
    const next = all[all.indexOf(cell) + by];
    if (next) {
      next.focus();
      next.select();
    } else if (by > 0) form.querySelector("input[type=password], button.first").focus();
  }

  function up(cell, by) {
    const at = rows.findIndex((row) => row.includes(cell));
    const beside = at < 0 ? undefined : rows[at + by]?.[rows[at].indexOf(cell)];
    if (beside) beside.focus();
  }

  function changed(cell) {
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- letters of both alphabets, whatever layout the keyboard has --------------------------------------------------------

  const PLACES = ["KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight",
    "KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote", "KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period"].join(" ").split(" ");
  const LETTERS = {
    uk: { ...spread("йцукенгшщзхїфівапролджєячсмитьбю"), Backquote: "’", Backslash: "ґ" },
    ru: { ...spread("йцукенгшщзхъфывапролджэячсмитьбю"), Backquote: "ё" },
  };

  function spread(letters) {
    return Object.fromEntries(PLACES.map((place, at) => [place, letters[at]]));
  }

  function typed(event) {
    const letter = LETTERS[form.elements._keys.value]?.[event.code];
    if (!letter || event.ctrlKey || event.altKey || event.metaKey) return "";
    const isUpper = event.shiftKey !== event.getModifierState("CapsLock");
    return isUpper ? letter.toUpperCase() : letter;
  }

  function put(cell, text, back = 0) {
    cell.setRangeText(text, cell.selectionStart, cell.selectionEnd, "end");
    cell.selectionStart = cell.selectionEnd -= back;
    changed(cell);
  }

  function nextKeys() {
    const choices = [...form.elements._keys];
    const next = choices[(choices.findIndex((one) => one.checked) + 1) % choices.length];
    next.checked = true;
    next.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // --- events -------------------------------------------------------------------------------------------------------------

  for (const cell of cells) {
    cell.addEventListener("focus", () => {
      last = cell;
      follow(cell);
      show(cell);
    });
    cell.addEventListener("input", () => show(cell));
    cell.addEventListener("keydown", (event) => {
      const letter = typed(event);
      if (event.key === "Enter" && event.ctrlKey) {
        cell.value = DITTO;
        changed(cell);
        step(cell, 1);
      } else if (event.key === "Enter") step(cell, event.shiftKey ? -1 : 1);
      else if (event.key === "ArrowUp" || event.key === "ArrowDown") up(cell, event.key === "ArrowUp" ? -1 : 1);
      else if (event.key === "F2") nextKeys();
      else if (letter) put(cell, letter);
      else return;
      event.preventDefault();
    });
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-letter], [data-mark]");
    if (!button) return;
    last.focus();
    if (button.dataset.letter) put(last, button.dataset.letter);
    else {
      const [before, after] = button.dataset.mark.split("|");
      const chosen = last.value.slice(last.selectionStart, last.selectionEnd);
      put(last, before + chosen + after, chosen ? 0 : after.length);
    }
  });
  // From wherever nothing is chosen, Enter leads to the first cell; whoever goes by Tab meets everything on the way.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== document.body || !cells.length) return;
    event.preventDefault();
    cells[0].focus();
  });
  if (cells.length) follow(cells[0]);
})();
