/** A document as one HTML file that needs nothing beside it and asks nobody for anything. */
import type { Document } from "../document.ts";

/** What a page carries in itself: its script and its style, as the build made them. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

export const renderHtml = ({ title }: Document, _files: PageFiles): string => `<!doctype html><title>${title}</title>`;
