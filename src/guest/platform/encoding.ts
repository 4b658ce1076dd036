/**
 * Texts and bytes. The build of the package bundles the implementation into this file. Encodings: UTF-8, UTF-16, and the encodings of one
 * byte a character. The encodings of East Asia are missing, because their tables have 150 kB.
 */
export { TextDecoder, TextEncoder } from "@exodus/bytes/encoding-lite.js";
