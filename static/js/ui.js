// Small behaviours of the page: theme, dialogs, copying, menus. Nothing is kept in the
// browser but the name of the theme, in a cookie that the server reads.
(() => {
  "use strict";

  const YEAR = 31536000;

  function currentTheme() {
    const forced = document.documentElement.dataset.theme;
    if (forced) return forced;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  function switchTheme() {
    const next = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${next}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
    document.dispatchEvent(new CustomEvent("theme-change"));
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      announce("Copied");
    } catch {
      // Without https the clipboard is closed to pages: select the text instead.
      const code = button.parentElement.querySelector("code");
      code.textContent = button.dataset.copy;
      getSelection().selectAllChildren(code);
      announce("The whole digest is selected");
    }
  }

  function announce(words) {
    let region = document.getElementById("announcements");
    if (!region) {
      region = document.createElement("div");
      region.id = "announcements";
      region.className = "visually-hidden";
      region.setAttribute("role", "status");
      document.body.append(region);
    }
    region.textContent = words;
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, a, summary");
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (!target) return;
    if (target.matches("[data-theme-toggle]")) switchTheme();
    if (target.matches("[data-copy]")) copy(target);
    if (target.matches("[data-open-dialog]")) {
      document.getElementById(target.dataset.openDialog)?.showModal();
    }
    if (target.matches("[data-back]")) history.back();
    if (target.matches("[data-close-dialog]")) target.closest("dialog").close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("input", (event) => {
    const wanted = event.target.dataset?.mustEqual;
    if (wanted === undefined) return;
    const same = event.target.value.trim() === wanted;
    event.target.setCustomValidity(same ? "" : `Type ${wanted} exactly.`);
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method.toLowerCase() !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  document.querySelector("[data-focus-on-load]")?.focus();
})();
