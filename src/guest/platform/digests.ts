/** Hash functions. The build of the package bundles the implementation into this file. */
export { sha1 } from "@noble/hashes/legacy.js";
export { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
