import { cssColour } from "./ink.ts";

/** The colours and the type of a tooltip, of the page's scheme. */
export const tooltipStyle = () => {
  const text = cssColour("--text");
  return {
    backgroundColor: cssColour("--surface"),
    borderColor: cssColour("--quiet"),
    borderWidth: 1,
    titleColor: text,
    bodyColor: text,
    padding: 8,
    usePointStyle: true,
    boxPadding: 4,
  };
};
