// Keys of the page on which a passage is decided: each control names its own in `data-key`.
(() => {
  "use strict";

  const QUIET = 300; // a key that is still held down from the passage before decides nothing here
  const opened = performance.now();
  const root = document.querySelector("[data-passage]");
  if (!root) return;

  const typing = (element) => element.matches("input:not([type=hidden]), textarea, select");

  function act(control) {
    if (typing(control)) control.focus();
    else control.click();
    const details = control.closest("details");
    if (control.matches("summary") && details) {
      // The element opens itself after the click; then the keyboard is at its first verb.
      setTimeout(() => details.open && details.querySelector("button")?.focus());
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (event.repeat || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (performance.now() - opened < QUIET) return;
    const control = root.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!control) return;
    event.preventDefault();
    act(control);
  });
})();
