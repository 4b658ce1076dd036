/** Names that every object literal inherits. A table that is an object literal seems to have an entry for each. */
export const INHERITED_NAMES: readonly string[] = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"];
