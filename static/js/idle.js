// A page that shows clinical text (`<body data-phi>`) goes blank after some minutes in which
// nobody touched it (`data-idle-minutes`, 5 unless told), and when it is brought back from the
// browser's page cache. With `data-idle-return="reveal"` it is uncovered without a reload, so that
// unsaved work in page memory survives.
(() => {
  "use strict";

  const body = document.body;
  if (!body || !("phi" in body.dataset)) return;
  const limit = Number(body.dataset.idleMinutes || 5) * 60_000;
  let last = Date.now();
  let cover = null;

  function blank() {
    if (cover) return;
    cover = document.createElement("div");
    cover.className = "blank-cover";
    const text = document.createElement("p");
    text.textContent = "Hidden, because nobody was here for a while. ";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Show the page again";
    // Loading anew asks the server, so an ended session leads to the sign-in page.
    button.addEventListener("click", () => {
      if (body.dataset.idleReturn === "reveal") reveal();
      else location.reload();
    });
    text.append(document.createElement("br"), document.createElement("br"), button);
    cover.append(text);
    body.append(cover);
    body.classList.add("is-blank");
    button.focus();
    document.dispatchEvent(new CustomEvent("page-blank"));
  }

  function reveal() {
    fetch(location.href, { redirect: "manual", cache: "no-store" })
      .then((answer) => {
        if (!answer.ok) location.reload();
        cover.remove();
        cover = null;
        body.classList.remove("is-blank");
        last = Date.now();
        document.dispatchEvent(new CustomEvent("page-shown"));
      })
      .catch(() => undefined);
  }

  function touched() {
    if (!cover) last = Date.now();
  }

  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    addEventListener(kind, touched, { passive: true, capture: true });
  }
  setInterval(() => {
    if (Date.now() - last >= limit) blank();
  }, 1000);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - last >= limit) blank();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) blank();
  });
})();
