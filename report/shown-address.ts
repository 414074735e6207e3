/** An address as a report shows it. Ours have no secrets in a record; one from elsewhere may have a password or a key in them. */

/** @returns origin and path of a URL, and any other text as it is */
export const shownAddress = (text: string): string => {
  if (!ADDRESS.test(text)) return text;
  const url = URL.parse(text);
  if (url === null) return "(an address that cannot be read)";
  if (url.username + url.password + url.search + url.hash === "") return text;
  return `${url.protocol}//${url.host}${url.pathname}`;
};

/** What has an authority: before a host can stand who asks. */
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;
