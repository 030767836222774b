// What HTML alone cannot do: print, close menus, and say that the connection is gone.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

const connection = document.getElementById("connection");
const say = (text) => {
  if (connection) connection.textContent = text;
};
const isGone = () => say(connection?.dataset.offline ?? "");
window.addEventListener("offline", isGone);
window.addEventListener("online", () => say(""));
document.addEventListener("htmx:sendError", isGone);
document.addEventListener("htmx:responseError", () => say(connection?.dataset.refused ?? ""));
document.addEventListener("htmx:afterOnLoad", () => say(""));
