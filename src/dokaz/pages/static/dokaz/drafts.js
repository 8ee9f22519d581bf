// What is typed into a form of an act and not filed yet is kept in this browser: a lost session, a closed tab, a dead battery
// lose nothing. It is encrypted with a key that the server gives to its writer's pages only, offered to them again, and
// gone once it is filed, thrown away or its writer signs out. Passphrases and files are never kept.

(() => {
  "use strict";

  const PREFIX = "draft:";
  const SENT = "draft-sent";
  const PAUSE_MS = 300;
  const KEPT_MS = 14 * 24 * 60 * 60 * 1000;
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const text = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  function wipe() {
    for (const key of keys()) localStorage.removeItem(key);
  }

  // --- a draft: the moment in clear, everything else encrypted ----------------------------------------------------------

  async function write(key, secret, content) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(content));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(key) }, secret, plain);
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), iv: text(iv), data: text(data) }));
  }

  // Nothing where there is none, or where it cannot be read any more: then it goes.
  async function read(key, secret) {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      if (!kept) return null;
      const how = { name: "AES-GCM", iv: bytes(kept.iv), additionalData: new TextEncoder().encode(key) };
      const plain = await crypto.subtle.decrypt(how, secret, bytes(kept.data));
      return { at: kept.at, ...JSON.parse(new TextDecoder().decode(plain)) };
    } catch {
      localStorage.removeItem(key);
      return null;
    }
  }

  function dropOld() {
    for (const key of keys()) {
      let at = 0;
      try {
        at = JSON.parse(localStorage.getItem(key)).at;
      } catch {
        // What nobody can read is old.
      }
      if (!(Date.now() - at < KEPT_MS)) localStorage.removeItem(key);
    }
  }

  // --- a form -----------------------------------------------------------------------------------------------------------

  const NEVER = new Set(["password", "file", "hidden", "submit", "button"]);
  const fieldsOf = (form) => [...form.elements].filter((each) => each.name && !NEVER.has(each.type));
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

  function valuesOf(form) {
    const values = [];
    for (const field of fieldsOf(form)) {
      if (isTicked(field)) values.push([field.name, field.value, field.checked]);
      else if (field.type === "select-multiple") {
        for (const option of field.options) values.push([field.name, option.value, option.selected]);
      } else values.push([field.name, field.value]);
    }
    return values;
  }

  function fill(form, values) {
    const left = [...values];
    const take = (name, value) => {
      const at = left.findIndex((one) => one[0] === name && (value === undefined || one[1] === value));
      return at < 0 ? undefined : left.splice(at, 1)[0];
    };
    for (const field of fieldsOf(form)) {
      if (isTicked(field)) field.checked = take(field.name, field.value)?.[2] ?? field.checked;
      else if (field.type === "select-multiple") {
        for (const option of field.options) option.selected = take(field.name, option.value)?.[2] ?? option.selected;
      } else field.value = take(field.name)?.[1] ?? field.value;
    }
  }

  // --- the page ---------------------------------------------------------------------------------------------------------

  function button(words, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
    made.addEventListener("click", act);
    return made;
  }

  const since = (words, at) => words.replace("{when}", new Date(at).toLocaleString(document.documentElement.lang));

  function offer(form, draft, words, drop) {
    const place = Object.assign(document.createElement("div"), { className: "draft" });
    place.setAttribute("role", "status");
    const said = Object.assign(document.createElement("p"), { textContent: since(words.offer, draft.at) });
    const done = () => {
      place.remove();
      (fieldsOf(form)[0] || form).focus();
    };
    const takeUp = button(words.takeUp, () => {
      fill(form, draft.values);
      done();
    });
    const discard = button(words.discard, () => {
      drop();
      done();
    });
    place.append(said, takeUp, discard);
    form.before(place);
  }

  function keep(form, key, secret) {
    let waiting = 0;
    const save = () => {
      clearTimeout(waiting);
      waiting = 0;
      return write(key, secret, { label: form.dataset.draft, values: valuesOf(form) });
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(save, PAUSE_MS);
    });
    document.addEventListener("visibilitychange", () => {
      if (waiting && document.visibilityState === "hidden") save();
    });
    form.addEventListener("submit", () => {
      if (waiting) save();
      sessionStorage.setItem(SENT, key);
    });
  }

  async function list(place, mine, secret) {
    const rows = place.querySelector("ul");
    for (const key of keys().filter((each) => each.startsWith(mine))) {
      const draft = await read(key, secret);
      if (!draft) continue;
      const link = Object.assign(document.createElement("a"), { href: key.slice(mine.length), textContent: draft.label });
      const row = document.createElement("li");
      row.append(link, ` ${new Date(draft.at).toLocaleString(document.documentElement.lang)}`);
      rows.append(row);
    }
    place.hidden = !rows.children.length;
  }

  async function begin() {
    dropOld();
    for (const form of document.querySelectorAll("form[data-signs-out]")) form.addEventListener("submit", wipe);
    const told = document.getElementById("drafts");
    if (!told || !crypto.subtle) return;
    const secret = await crypto.subtle.importKey("raw", bytes(told.dataset.key), "AES-GCM", false, ["encrypt", "decrypt"]);
    const mine = `${PREFIX}${told.dataset.person}:`;
    const sent = sessionStorage.getItem(SENT);
    sessionStorage.removeItem(SENT);
    if (sent && document.querySelector(".messages .success")) localStorage.removeItem(sent);
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const key = mine + location.pathname + location.search;
      const draft = await read(key, secret);
      // What was just sent and came back with something to correct is in the form already.
      if (draft && sent !== key) offer(form, draft, told.dataset, () => localStorage.removeItem(key));
      keep(form, key, secret);
    }
    const place = document.querySelector("[data-drafts]");
    if (place) await list(place, mine, secret);
    document.documentElement.dataset.keepsDrafts = "";
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
