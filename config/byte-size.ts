/** The one notation for sizes in `loadtest.yaml`: a whole number and its unit in steps of 1024, `512KB`, `64MB`, `1GB`. */

const BYTES_PER_UNIT = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;

export const BYTE_SIZE = /^(\d{1,9})(KB|MB|GB)$/;

/** @returns bytes, or null when the text is not a size */
export const parseByteSize = (text: string): number | null => {
  const [, amount, unit] = BYTE_SIZE.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * BYTES_PER_UNIT[unit as keyof typeof BYTES_PER_UNIT];
};
