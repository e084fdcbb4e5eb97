// The list of what this reviewer found in the note, with the words themselves.

import { CATEGORIES } from "./picker.js";

const names = new Map(CATEGORIES);

export const nameOf = (category) => names.get(category) ?? category;

export function wordsOf(finding, view) {
  const kind = finding.kind === "leak" ? "Missed" : "Over-redacted";
  return `${kind}: ${nameOf(finding.category)} - ${view.text(finding.start, finding.end)}`;
}

export function drawFindings(list, findings, view) {
  list.replaceChildren(...findings.map((one, at) => {
    const line = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = wordsOf(one, view);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "bare small";
    button.dataset.remove = at;
    button.textContent = "Take back";
    line.append(words, button);
    return line;
  }));
}
