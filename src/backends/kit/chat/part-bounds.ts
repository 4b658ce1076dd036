/**
 * Most opaque parts of an answer. Real answers have a few. Each part costs a seal, so a megabyte of tiny ones would block the event loop for a
 * second.
 */
export const MAX_OPAQUE_PARTS = 1000;

/** Most citations of an answer. Long reports have some hundreds, and some servers repeat them in each chunk. */
export const MAX_CITATIONS = 10_000;

/**
 * Most characters of addresses and titles in all citations of an answer: 400 for each citation. Some vendors list a source once and name it
 * with two bytes, so a short answer could repeat a long address ten thousand times.
 */
export const MAX_CITATION_CHARACTERS = 4_000_000;
