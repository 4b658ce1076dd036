/**
 * Most opaque parts of an answer. Real answers have a few. Each part costs a seal, so a megabyte of tiny ones would block the event loop for a
 * second.
 */
export const MAX_OPAQUE_PARTS = 1000;

/** Most citations of an answer. Long reports have some hundreds, and some servers repeat them in each chunk. */
export const MAX_CITATIONS = 10_000;
