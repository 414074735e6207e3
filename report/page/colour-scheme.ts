/** Light or dark: as the system has it until a reader chooses. The choice lasts as long as the page; nothing is stored. */
import { element } from "./element.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** @param changed called when the colours are others */
export const addSchemeSwitch = (header: Element, changed: () => void): void => {
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset.scheme ?? (dark.matches ? "dark" : "light")) === "dark";
  const button = element("button", { type: "button", class: "scheme" });
  const name = (): void => {
    button.textContent = isDark() ? "Light colours" : "Dark colours";
  };
  button.addEventListener("click", () => {
    root.dataset.scheme = isDark() ? "light" : "dark";
    name();
    changed();
  });
  dark.addEventListener("change", () => {
    if (root.dataset.scheme !== undefined) return;
    name();
    changed();
  });
  name();
  header.append(button);
};
