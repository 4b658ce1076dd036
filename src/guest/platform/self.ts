/** Another name of the global object, which packages for browsers and workers use. */
export const self = globalThis;
