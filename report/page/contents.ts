/** Says in the list of contents which section is being read. */
export const followReading = (links: readonly HTMLAnchorElement[], sections: readonly Element[]): void => {
  const inSight = new Set<Element>();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) inSight.add(target);
        else inSight.delete(target);
      }
      const current = sections.find((section) => inSight.has(section));
      if (current === undefined) return;
      for (const link of links) {
        if (link.hash !== `#${current.id}`) {
          link.removeAttribute("aria-current");
          continue;
        }
        link.setAttribute("aria-current", "true");
        // On a phone the list is one line, of which a part is seen.
        link.closest("ol")?.scrollTo({ left: link.offsetLeft - 40 });
      }
    },
    // The upper third of the window is where one reads.
    { rootMargin: "-10% 0px -66% 0px" },
  );
  for (const section of sections) watch.observe(section);
};
