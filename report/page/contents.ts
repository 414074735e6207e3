/** Says in the list of contents which section is being read. */
import { readingLine } from "./reading-line.ts";

export const followReading = (links: readonly HTMLAnchorElement[], sections: readonly Element[]): void => {
  let isAsked = false;
  const follow = (): void => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      mark(links, sectionRead(sections));
    });
  };
  addEventListener("scroll", follow, { passive: true });
  addEventListener("resize", follow);
  follow();
};

const sectionRead = (sections: readonly Element[]): Element | undefined => {
  const { scrollHeight, clientHeight } = document.documentElement;
  const line = readingLine({ height: clientHeight, above: scrollY, below: scrollHeight - clientHeight - scrollY });
  return sections.findLast((section) => section.getBoundingClientRect().top <= line) ?? sections[0];
};

const mark = (links: readonly HTMLAnchorElement[], section: Element | undefined): void => {
  const current = links.find(({ hash }) => hash === `#${section?.id}`);
  if (current === undefined || current.hasAttribute("aria-current")) return;
  for (const link of links) link.removeAttribute("aria-current");
  current.setAttribute("aria-current", "true");
  // A long list is seen in part; on a phone it is one line.
  const list = current.closest("ol");
  list?.scrollTo({ left: current.offsetLeft - 40, top: current.offsetTop - list.clientHeight / 2 });
};
