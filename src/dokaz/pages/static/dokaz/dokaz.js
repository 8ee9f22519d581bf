// What every page does beyond what the server drew. Each piece works on markup that already makes sense without it.

(() => {
  "use strict";

  // Theme: the paper's twin. Without a choice, the machine's own setting holds.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
  const tellTheme = () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.setAttribute("aria-pressed", String(theme() === "dark"));
    }
  };

  // Copying: the whole hash, though the page shows its ends.
  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    button.dataset.done = "";
    say(button.dataset.said || "");
    setTimeout(() => delete button.dataset.done, 2000);
  }

  // One quiet voice for those who listen to the page.
  function say(words) {
    const voice = document.getElementById("voice");
    if (voice) voice.textContent = words;
  }

  // Photographs: blurred until asked for, and again when asked.
  function reveal(button) {
    const figure = button.closest("[data-graphic]");
    const hidden = figure.toggleAttribute("data-hidden");
    button.setAttribute("aria-pressed", String(!hidden));
    button.hidden = !hidden;
    const hide = figure.querySelector("[data-hide]");
    if (hide) {
      hide.hidden = hidden;
      (hidden ? button : hide).focus();
    }
  }

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    let button;
    if ((button = on("[data-copy]"))) copy(button);
    else if (on("[data-theme-toggle]")) {
      const next = theme() === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      localStorage.setItem("theme", next);
      tellTheme();
      document.dispatchEvent(new CustomEvent("themechange", { detail: next }));
    } else if ((button = on("[data-show]"))) reveal(button);
    else if ((button = on("[data-hide]"))) reveal(button.closest("[data-graphic]").querySelector("[data-show]"));
    else if (on("[data-print]")) window.print();
  });

  // A select that submits its form as soon as it is changed; its button serves those without scripts.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // What was sent is not sent again by a second click; whoever comes back to the page may send once more.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.hasAttribute("data-sent")) event.preventDefault();
    else {
      event.target.setAttribute("data-sent", "");
      if (event.target.dataset.watch) watch(event.target);
    }
  });

  // How far what was sent is: asked every second while the browser waits for the answer.
  function watch(form) {
    const place = form.querySelector("[data-progress]");
    place.hidden = false;
    place.textContent = form.dataset.sending;
    const asking = setInterval(async () => {
      if (!form.hasAttribute("data-sent")) {
        clearInterval(asking);
        place.hidden = true;
        return;
      }
      try {
        const answer = await fetch(form.dataset.watch);
        const words = answer.ok ? await answer.text() : "";
        if (words) place.textContent = words;
      } catch {
        // The next second asks again.
      }
    }, 1000);
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.classList.add("scripted");
    tellTheme();
  });
  dark.addEventListener("change", tellTheme);

  // After a list was filtered in place, say how many lines there are now.
  document.addEventListener("htmx:afterSwap", (event) => {
    const told = event.detail.target.querySelector("[data-tell]");
    if (told) say(told.textContent.trim());
  });
})();
