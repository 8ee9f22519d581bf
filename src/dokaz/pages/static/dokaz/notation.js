// Marks of a transcribed text as they are typed, read as dokaz.transcription.notation reads them; a test holds both to the same
// answers. readNotation(text) gives parts {text, marks, gap, standsFor}, or {wrong: "unclosed" | "nothing" | "uncounted" | "escape"}.

(() => {
  "use strict";

  const SIGNS = { "-": "struck", "+": "inserted", "?": "uncertain", ":": "hand", "*": "signature", "%": "abbreviated", '"': "ditto" };
  const ESCAPED = "()\\=";

  class Wrong extends Error {}

  class Reader {
    constructor(typed) {
      Object.assign(this, { typed, at: 0, parts: [], letters: "", open: [] });
    }

    read() {
      while (this.at < this.typed.length) {
        const letter = this.typed[this.at];
        const after = this.typed[this.at + 1] || "";
        if (letter === "\\") this.escaped(after);
        else if (letter === "(" && this.isMark(after)) this.opened(after);
        else if (letter === "(" && this.open.length) {
          this.open.push({ mark: null, start: this.at });
          this.add("(");
        } else if (letter === ")" && this.open.length) this.closed();
        else this.add(letter);
      }
      if (this.open.length) throw new Wrong("unclosed");
      this.endPart();
      return this.parts;
    }

    add(letter) {
      this.letters += letter;
      this.at += 1;
    }

    isMark(after) {
      return after in SIGNS || this.typed.startsWith("(..", this.at) || this.typed.startsWith("(/)", this.at);
    }

    escaped(after) {
      if (!after || !ESCAPED.includes(after)) throw new Wrong("escape");
      this.letters += after;
      this.at += 2;
    }

    marks() {
      return this.open.filter((one) => one.mark).map((one) => one.mark);
    }

    endPart() {
      if (this.letters) this.parts.push({ text: this.letters, marks: this.marks(), gap: 0, standsFor: "" });
      this.letters = "";
    }

    opened(sign) {
      if (sign === "/") {
        this.letters += "\n";
        this.at += 3;
      } else if (sign === ".") this.gap();
      else {
        this.endPart();
        if (sign === "%" || sign === '"') this.standsFor(SIGNS[sign]);
        else {
          this.open.push({ mark: SIGNS[sign], start: this.at, parts: this.parts.length });
          this.at += 2;
        }
      }
    }

    gap() {
      const end = this.typed.indexOf(")", this.at);
      const count = this.typed.slice(this.at + 3, end < 0 ? undefined : end);
      if (end < 0 || !/^[0-9]{1,9}$/.test(count) || !(Number(count) >= 1 && Number(count) <= 999)) throw new Wrong("uncounted");
      this.endPart();
      this.parts.push({ text: "", marks: this.marks(), gap: Number(count), standsFor: "" });
      this.at = end + 1;
    }

    closed() {
      const { mark, parts } = this.open[this.open.length - 1];
      if (mark === null) {
        this.open.pop();
        this.add(")");
        return;
      }
      this.at += 1;
      this.endPart();
      this.open.pop();
      if (this.parts.slice(parts).some((one) => one.text.trim() || !one.text)) return;
      this.parts.length = parts;
      if (mark !== "signature") throw new Wrong("nothing");
      this.parts.push({ text: "", marks: [...this.marks(), mark], gap: 0, standsFor: "" });
    }

    standsFor(mark) {
      const said = [""];
      let isClosed = false;
      this.at += 2;
      while (this.at < this.typed.length && !isClosed) {
        const letter = this.typed[this.at];
        const after = this.typed[this.at + 1] || "";
        if (letter === "\\" && after && ESCAPED.includes(after)) {
          said[said.length - 1] += after;
          this.at += 1;
        } else if (letter === "=" && said.length === 1) said.push("");
        else if (letter === "(" || letter === "\\") throw new Wrong("escape");
        else if (letter === ")") isClosed = true;
        else said[said.length - 1] += letter;
        this.at += 1;
      }
      if (!isClosed) throw new Wrong("unclosed");
      const spaced = (part) => part.trim().replace(/\s+/g, " ");
      const text = spaced(said[0]) || (mark === "ditto" ? '"' : "");
      if (!text) throw new Wrong("nothing");
      this.parts.push({ text, marks: [...this.marks(), mark], gap: 0, standsFor: spaced(said[1] || "") });
    }
  }

  window.readNotation = (typed) => {
    try {
      return new Reader(typed).read();
    } catch (error) {
      if (error instanceof Wrong) return { wrong: error.message };
      throw error;
    }
  };
})();
