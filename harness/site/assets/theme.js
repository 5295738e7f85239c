// Before anything is drawn: the theme that was chosen last, if the browser remembers.
"use strict";
(() => {
  try {
    const chosen = localStorage.getItem("crosscheck-theme");
    if (chosen === "light" || chosen === "dark") {
      document.documentElement.dataset.theme = chosen;
    }
  } catch { /* a browser that remembers nothing follows the system */ }
})();
