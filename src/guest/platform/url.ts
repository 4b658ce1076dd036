/**
 * URLs. The build of the package bundles the implementation into this file, with `idna.ts` for the names of hosts, and the encodings of
 * `encoding.ts`.
 */
export { URL, URLSearchParams } from "whatwg-url";
