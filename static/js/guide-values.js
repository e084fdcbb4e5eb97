// Marks a setting that differs from the guide's value while it is typed. The server marks it
// again on the run's page; nothing depends on this script.
(() => {
  "use strict";

  // A guide's value is a number (32) or a range (3-5).
  function follows(value, guide) {
    const [low, high] = guide.split(/(?<=\d)-/).map(Number);
    const number = Number(value);
    return value !== "" && number >= low && number <= (high ?? low);
  }

  document.querySelectorAll("[data-guide]").forEach((input) => {
    const mark = input.closest("tr").querySelector("[data-changed]");
    input.addEventListener("input", () => {
      mark.hidden = follows(input.value, input.dataset.guide);
    });
  });
})();
