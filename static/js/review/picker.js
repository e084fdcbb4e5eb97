// Type-ahead over the eighteen categories, beside the picked words. Digits choose the nine
// commonest, letters narrow, arrows move, Enter takes, Escape leaves without a trace. Tab takes
// the name-like words beside the picked one in.

export const CATEGORIES = [
  ["NAME", "Name"], ["DATE_AGE", "Date or age over 89"], ["LOCATION", "Place"],
  ["PHONE", "Telephone"], ["MRN", "Medical record number"], ["OTHER_ID", "Other identifier"],
  ["EMAIL", "E-mail"], ["SSN", "Social security number"], ["HEALTH_PLAN", "Health plan number"],
  ["FAX", "Fax"], ["ACCOUNT", "Account number"], ["LICENSE", "Certificate or licence"],
  ["VEHICLE", "Vehicle"], ["DEVICE", "Device"], ["URL", "Web address"], ["IP", "IP address"],
  ["BIOMETRIC", "Biometric"], ["PHOTO", "Photograph"],
];

export function matches(typed) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return CATEGORIES;
  const score = ([code, name]) => {
    if (name.toLowerCase().startsWith(wanted) || code.toLowerCase().startsWith(wanted)) return 0;
    if (name.toLowerCase().split(/\s/).some((word) => word.startsWith(wanted))) return 1;
    return name.toLowerCase().includes(wanted) ? 2 : 9;
  };
  return CATEGORIES.filter((one) => score(one) < 9).sort((a, b) => score(a) - score(b));
}

export class Picker {
  constructor(element, onExtend, onWhole) {
    this.element = element;
    this.input = element.querySelector("input");
    this.list = element.querySelector("ul");
    this.words = element.querySelector("[data-picked-words]");
    this.more = element.querySelector("[data-picked-more]");
    this.onExtend = onExtend;
    this.onWhole = onWhole;
    this.more.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.onWhole();
    });
    this.settle = null;
    this.input.addEventListener("input", () => { this.index = 0; this.draw(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.finish(null), 150));
    this.list.addEventListener("pointerdown", (event) => {
      const line = event.target.closest("li");
      if (!line) return;
      event.preventDefault();
      this.finish(line.dataset.code);
    });
  }

  get open() {
    return !this.element.hidden;
  }

  ask(words, whole) {
    this.element.hidden = false;
    this.input.value = "";
    this.index = 0;
    this.describe(words, whole);
    this.draw();
    this.input.focus({ preventScroll: true });
    return new Promise((resolve) => { this.settle = resolve; });
  }

  describe(words, whole) {
    this.words.textContent = `“${words}” is`;
    this.whole = whole;
    this.more.hidden = !whole;
    this.more.querySelector("span").textContent = whole ? `Flag “${whole}” instead?` : "";
  }

  draw() {
    this.found = matches(this.input.value);
    this.list.replaceChildren(...this.found.map(([code, name], at) => {
      const line = document.createElement("li");
      line.id = `category-${code}`;
      line.dataset.code = code;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(at === this.index));
      const rank = CATEGORIES.findIndex(([other]) => other === code);
      if (rank < 9) {
        const digit = document.createElement("kbd");
        digit.textContent = String(rank + 1);
        line.append(digit);
      }
      line.append(name);
      return line;
    }));
    const chosen = this.list.children[this.index];
    this.input.setAttribute("aria-activedescendant", chosen?.id ?? "");
    // The list alone may scroll: the page must stay where the words are.
    if (chosen) this.list.scrollTop = chosen.offsetTop - this.list.offsetTop - this.list.clientHeight / 2;
  }

  key(event) {
    event.stopPropagation();
    if (event.shiftKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      this.onExtend(event.key === "ArrowRight" ? 1 : -1);
    } else if (event.key === "Tab" && !event.shiftKey) {
      if (this.whole) this.onWhole();
    } else if (/^[1-9]$/.test(event.key)) this.finish(CATEGORIES[Number(event.key) - 1][0]);
    else if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(-1);
    else if (event.key === "Enter") this.finish(this.found[this.index]?.[0] ?? null);
    else if (event.key === "Escape") this.finish(null);
    else return;
    event.preventDefault();
  }

  move(by) {
    this.index = Math.max(0, Math.min(this.found.length - 1, this.index + by));
    this.draw();
  }

  finish(code) {
    if (!this.settle) return;
    const settle = this.settle;
    this.settle = null;
    this.element.hidden = true;
    settle(code);
  }
}
